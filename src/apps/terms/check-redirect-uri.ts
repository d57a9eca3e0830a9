import { isLoopbackHost } from '../../kernel/index.ts';
import { type AppIssue, type AppIssueCode, appIssue } from './app-issue.ts';

/**
 * Maximum number of characters in a redirect URI. The limit leaves room for the code and the state
 * that the server appends to it.
 */
const MAX_LENGTH = 2000;
/**
 * Matches loopback addresses (RFC 8252 §7.3). It tests the text as registered and not the parsed
 * URL, because redirect URIs are later compared as text too.
 */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)([:/?]|$)/i;

/**
 * Returns why an address can't be registered as a redirect URI and how to fix it. Returns undefined
 * if it is valid. RFC 6749 §3.1.2, RFC 8252 §7 (loopback and private-use schemes), RFC 9700 §2.1
 */
export function checkRedirectUri(address: string): AppIssue | undefined {
  const wrong = (code: AppIssueCode, text: string): AppIssue => appIssue(code, `${address} ${text}`, { address });
  if (address.length > MAX_LENGTH) return tooLong();
  if (!URL.canParse(address)) return wrong('address-not-absolute', 'isn’t an absolute URL.');
  const url = new URL(address);
  if (address.includes('#')) return wrong('address-with-fragment', 'can’t have a fragment (#…).');
  if (!/^[\u0021-\u007e]+$/.test(address) || address.includes('\\')) return wrong('address-not-ascii', NOT_ASCII);
  if (/[,*]/.test(address)) {
    return wrong('address-not-exact', 'must be one exact URL, without commas or wildcards.');
  }
  if (url.username !== '' || url.password !== '') {
    return wrong('address-with-credentials', 'can’t contain a username or password.');
  }
  if (/^https?:(?!\/\/[^/])/i.test(address)) {
    return wrong('address-without-host', 'must have // and a host after its scheme.');
  }
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:') {
    if (LOOPBACK.test(address)) return undefined;
    return wrong('address-not-https', 'must use https. http is only for localhost.');
  }
  // RFC 8252 §7.1: a private-use scheme is a reversed domain name, so it contains a dot. This excludes
  // javascript: and data:.
  return /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(url.protocol)
    ? undefined
    : wrong(
        'address-of-no-domain',
        'must use https or a custom scheme that you own, such as com.example.app:/callback.',
      );
}

const NOT_ASCII = 'must be plain ASCII without spaces or backslashes. Escape other characters as %XX.';

const tooLong = (): AppIssue =>
  appIssue('address-too-long', `A redirect URI can have at most ${MAX_LENGTH} characters.`, {
    most: String(MAX_LENGTH),
  });

/** Returns whether an address leads to the computer that the browser runs on. RFC 8252 §7.3 */
export function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return /^https?:$/.test(protocol) && isLoopbackHost(hostname);
}

/**
 * Returns whether all redirect URIs of an app lead to the patient's own computer. Such an app works
 * only for a patient who has installed it there.
 */
export const isLocalOnly = (redirectUris: readonly string[]): boolean =>
  redirectUris.length > 0 && redirectUris.every(isLoopback);

/**
 * Returns why an address can't be a launch URI (SMART App Launch 2.2, EHR launch). Returns
 * undefined if it is valid. A browser opens the launch URI, so a private-use scheme is not allowed.
 */
export function checkLaunchUri(address: string): AppIssue | undefined {
  const wrong = checkRedirectUri(address);
  if (wrong !== undefined) return { ...wrong, message: `Launch URI: ${wrong.message}` };
  if (/^https?:/i.test(address)) return undefined;
  return appIssue('launch-not-https', `Launch URI: ${address} must use https.`, { address });
}
