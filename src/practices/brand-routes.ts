import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Executor } from '../database/index.ts';
import { type PracticeId, Problem } from '../kernel/index.ts';
import { brandOf, logoOf, styleOf } from './brand.ts';

type Asked = FastifyRequest<{ Params: { practiceId: string }; Querystring: { v?: unknown } }>;

/** Seconds. */
const ONE_YEAR = 31_536_000;

/**
 * `/brand/:id/logo` and `/brand/:id/style.css`: how a practice looks, for whoever sees its pages. The address has the
 * version in it: what was fetched under that stays good. Any other is good for a moment.
 */
export function brandRoutes(app: FastifyInstance, { db }: { readonly db: Executor }): void {
  app.get('/brand/:practiceId/logo', async (request: Asked, reply) => {
    const practiceId = practiceOf(request);
    const logo = await logoOf(db, practiceId);
    if (logo === undefined) throw nothing();
    await keptFor(request, reply, practiceId, 'logo');
    return (
      reply
        .type(logo.type)
        .header('x-content-type-options', 'nosniff')
        // Opened by itself, it is in no origin, and can do nothing.
        .header('content-security-policy', "default-src 'none'; sandbox")
        .send(logo.bytes)
    );
  });

  app.get('/brand/:practiceId/style.css', async (request: Asked, reply) => {
    const practiceId = practiceOf(request);
    const style = await styleOf(db, practiceId);
    if (style === undefined) throw nothing();
    await keptFor(request, reply, practiceId, 'style');
    return reply.type('text/css; charset=utf-8').header('x-content-type-options', 'nosniff').send(style);
  });

  async function keptFor(request: Asked, reply: FastifyReply, practiceId: PracticeId, what: 'logo' | 'style') {
    const current = (await brandOf(db, practiceId))?.[what];
    const asked = `${current?.split('?')[0]}?${new URLSearchParams({ v: String(request.query.v) })}`;
    reply.header('cache-control', `public, ${asked === current ? `max-age=${ONE_YEAR}, immutable` : 'max-age=60'}`);
  }
}

function practiceOf({ params: { practiceId } }: Asked): PracticeId {
  if (!/^[1-9]\d{0,8}$/.test(practiceId)) throw nothing();
  return Number(practiceId) as PracticeId;
}

const nothing = (): Problem =>
  new Problem('not-found', { status: 404, message: 'No practice has a picture or a color at this address.' });
