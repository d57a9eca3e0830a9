import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Executor } from '../database/index.ts';
import { EMBEDDABLE, type PracticeId, Problem, UNTRUSTED_FILE } from '../kernel/index.ts';
import { findBrand, findLogo, findStyle } from './brand.ts';

type BrandRequest = FastifyRequest<{ Params: { practiceId: string }; Querystring: { v?: unknown } }>;

const ONE_YEAR_IN_SECONDS = 31_536_000;

/**
 * Registers `/brand/:id/logo` and `/brand/:id/style.css`, which give a practice's pages its logo and color. The query
 * parameter `v` is a hash of the content. If it matches the current content, the response may be cached for a year,
 * otherwise for a minute.
 */
export function brandRoutes(app: FastifyInstance, { db }: { readonly db: Executor }): void {
  app.get('/brand/:practiceId/logo', async (request: BrandRequest, reply) => {
    const practiceId = parsePracticeId(request);
    const logo = await findLogo(db, practiceId);
    if (logo === undefined) throw notFound();
    await setCacheControl(request, reply, practiceId, 'logo');
    return reply
      .type(logo.type)
      .headers({ ...UNTRUSTED_FILE, ...EMBEDDABLE })
      .send(logo.bytes);
  });

  app.get('/brand/:practiceId/style.css', async (request: BrandRequest, reply) => {
    const practiceId = parsePracticeId(request);
    const style = await findStyle(db, practiceId);
    if (style === undefined) throw notFound();
    await setCacheControl(request, reply, practiceId, 'style');
    return reply.type('text/css; charset=utf-8').headers(EMBEDDABLE).send(style);
  });

  async function setCacheControl(
    request: BrandRequest,
    reply: FastifyReply,
    practiceId: PracticeId,
    what: 'logo' | 'style',
  ) {
    const current = (await findBrand(db, practiceId))?.[what];
    const requested = `${current?.split('?')[0]}?${new URLSearchParams({ v: String(request.query.v) })}`;
    reply.header(
      'cache-control',
      `public, ${requested === current ? `max-age=${ONE_YEAR_IN_SECONDS}, immutable` : 'max-age=60'}`,
    );
  }
}

function parsePracticeId({ params: { practiceId } }: BrandRequest): PracticeId {
  if (!/^[1-9]\d{0,8}$/.test(practiceId)) throw notFound();
  return Number(practiceId) as PracticeId;
}

const notFound = (): Problem =>
  new Problem('not-found', { status: 404, message: 'No practice logo or color at this address.' });
