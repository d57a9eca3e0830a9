import helmet from 'helmet';

/**
 * Pages may load only our own stylesheets, images and scripts. There is no `form-action`: browsers
 * also apply it to the redirect that follows a form, and consent ends with a redirect to the app.
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
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // An app may open authorize in its own window and wait there for the response. A policy would cut the
  // connection between the two windows.
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: { policy: 'cross-origin' } as const,
  referrerPolicy: { policy: 'no-referrer' } as const,
  xFrameOptions: { action: 'deny' } as const,
  strictTransportSecurity: secure && { maxAge: 63_072_000 },
});

/**
 * Returns the security headers, which are the same for every response. They are computed once:
 * computing them for each response costs a tenth of an introspection.
 */
export function securityHeaders(secure: boolean): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  const answer = {
    setHeader: (name: string, value: string) => headers.set(name.toLowerCase(), value),
    removeHeader: (name: string) => headers.delete(name.toLowerCase()),
  };
  helmet(options(secure))({} as never, answer as never, () => {});
  return Object.fromEntries(headers);
}
