import type { FastifyInstance } from 'fastify';
import { type Config, usesHttps } from '../config/index.ts';
import { isLanguage, languageCookie } from '../i18n/index.ts';
import { localPath } from '../kernel/index.ts';

/**
 * Registers `/language?to=es&return_to=…`, which stores the chosen language in a cookie of the reader's browser.
 * Requires the cookie plugin.
 */
export function languageRoutes(app: FastifyInstance, config: Pick<Config, 'publicUrl'>): void {
  app.get<{ Querystring: { to?: unknown; return_to?: unknown } }>('/language', async (request, reply) => {
    const { to, return_to: returnTo } = request.query;
    if (isLanguage(to)) reply.setCookie(...languageCookie(to, usesHttps(config)));
    return reply.header('cache-control', 'no-store').redirect(localPath(config.publicUrl, returnTo), 303);
  });
}
