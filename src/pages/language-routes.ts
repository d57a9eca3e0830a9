import type { FastifyInstance } from 'fastify';
import { ownPath } from '../kernel/index.ts';
import { isLanguage, LANGUAGE_COOKIE } from '../words/index.ts';

/** `/language?to=es&return_to=…`: what a person chose holds for this browser. Needs the cookie plugin. */
export function languageRoutes(
  app: FastifyInstance,
  { publicUrl, secure }: { publicUrl: string; secure: boolean },
): void {
  app.get<{ Querystring: { to?: unknown; return_to?: unknown } }>('/language', async (request, reply) => {
    const { to, return_to: returnTo } = request.query;
    if (isLanguage(to)) {
      reply.setCookie(LANGUAGE_COOKIE, to, { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: ONE_YEAR });
    }
    return reply.header('cache-control', 'no-store').redirect(ownPath(publicUrl, returnTo), 303);
  });
}

/** Seconds. */
const ONE_YEAR = 31_536_000;
