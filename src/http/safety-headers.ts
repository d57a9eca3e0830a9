import helmet from 'helmet';

/**
 * Pages load our stylesheet and nothing else. There is no `form-action`: browsers hold it against the redirect that
 * follows a form too, and consent ends with a redirect to the app.
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
  // An app may open authorize in a window of its own and wait there for the answer: a policy would cut the two apart.
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: { policy: 'cross-origin' } as const,
  referrerPolicy: { policy: 'no-referrer' } as const,
  xFrameOptions: { action: 'deny' } as const,
  strictTransportSecurity: secure && { maxAge: 63_072_000 },
});

/** The same for every answer, so they are asked for once: making them anew costs as much as a tenth of an introspection. */
export function safetyHeaders(secure: boolean): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  const answer = {
    setHeader: (name: string, value: string) => headers.set(name.toLowerCase(), value),
    removeHeader: (name: string) => headers.delete(name.toLowerCase()),
  };
  helmet(options(secure))({} as never, answer as never, () => {});
  return Object.fromEntries(headers);
}
