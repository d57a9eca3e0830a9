import { isLoopbackHost } from '../kernel/index.ts';

/**
 * Returns the options of nodemailer for a connection to the mail server. With `smtp:`, the connection must change to TLS
 * (STARTTLS, RFC 3207) before anything is sent. Otherwise someone on the way could remove the offer of TLS and read the
 * links in emails. A mail server on this machine needs no TLS. The parameter `requireTLS` of the URL takes precedence.
 * @param timeout milliseconds without a response after which the connection is closed
 */
export const smtpOptions = (url: string, timeout: number) => ({
  url,
  requireTLS: !isLoopbackHost(new URL(url).hostname),
  connectionTimeout: timeout,
  greetingTimeout: timeout,
  socketTimeout: timeout,
  disableFileAccess: true,
  disableUrlAccess: true,
});
