import helmet from 'helmet';

/**
 * Returns the options for security headers. Pages may load only our own stylesheets, images and
 * scripts. The Content-Security-Policy has no `form-action`: browsers also apply it to the redirect
 * that follows a form, and consent ends with a redirect to the app.
 */
const options = (secure: boolean) => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      scriptSrc: ["'self'"],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // The authorization page sends no Cross-Origin-Opener-Policy. An app may open the page in a
  // window of its own and wait there for the response, and the policy would cut the connection
  // between the two windows. `keepPrivate` sets the policy for the portals.
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: { policy: 'same-origin' } as const,
  referrerPolicy: { policy: 'no-referrer' } as const,
  xFrameOptions: { action: 'deny' } as const,
  strictTransportSecurity: secure && { maxAge: 63_072_000, includeSubDomains: true },
});

/** Features of browsers that no page uses, so that a script of someone else couldn't use them either. */
const UNUSED_FEATURES = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'];

/**
 * Returns the security headers of all responses. Computes them once at startup: to compute them for
 * each response would cost a tenth of the time of a token introspection.
 */
export function securityHeaders(secure: boolean): Readonly<Record<string, string>> {
  const headers = new Map([['permissions-policy', UNUSED_FEATURES.map((name) => `${name}=()`).join(', ')]]);
  const answer = {
    setHeader: (name: string, value: string) => headers.set(name.toLowerCase(), value),
    removeHeader: (name: string) => headers.delete(name.toLowerCase()),
  };
  helmet(options(secure))({} as never, answer as never, () => {});
  return Object.fromEntries(headers);
}
