import type { FastifyInstance } from 'fastify';
import { type Config, usesHttps } from '../config/index.ts';
import { isLanguage, LANGUAGE_COOKIE } from '../i18n/index.ts';
import { localPath } from '../kernel/index.ts';

/**
 * Registers `/language?to=es&return_to=…`, which stores the chosen language in a cookie of the reader's browser.
 * Requires the cookie plugin.
 */
export function languageRoutes(app: FastifyInstance, config: Pick<Config, 'publicUrl'>): void {
  app.get<{ Querystring: { to?: unknown; return_to?: unknown } }>('/language', async (request, reply) => {
    const { to, return_to: returnTo } = request.query;
    if (isLanguage(to)) {
      reply.setCookie(LANGUAGE_COOKIE, to, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: usesHttps(config),
        maxAge: ONE_YEAR_IN_SECONDS,
      });
    }
    return reply.header('cache-control', 'no-store').redirect(localPath(config.publicUrl, returnTo), 303);
  });
}

const ONE_YEAR_IN_SECONDS = 31_536_000;
