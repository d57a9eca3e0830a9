import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../kernel/index.ts';
import { requireChangeable } from '../../people/index.ts';
import { brandOf, keepLogo, LARGEST_LOGO, type Logo, readLogo } from '../../practices/index.ts';
import type { OfficeDeps } from '../deps.ts';
import { fieldOf } from '../given.ts';
import { logoPage, settingsPath } from './page.ts';
import { type AtSettings, atSettings, SETTINGS } from './routes.ts';

const LOGO = `${SETTINGS}/logo`;

/** The practice's logo. A scope of its own: here alone are files taken. */
export function logoRoutes(app: FastifyInstance, deps: OfficeDeps): void {
  app.get(LOGO, async (request, reply) => show(request, reply, await atSettings(deps, request), undefined));

  app.register(async (scope) => {
    // One byte more than is taken tells that there is too much.
    const limits = { files: 1, fields: 5, fieldSize: 1000, parts: 6, fileSize: LARGEST_LOGO + 1 };
    await scope.register(multipart, { limits, throwFileSizeLimit: false });
    scope.post(LOGO, async (request, reply) => {
      const sent = await sentIn(request).catch(unreadable);
      deps.cookies.requireCsrf(request, sent.csrf);
      const at = await atSettings(deps, request);
      requireChangeable(at.session);
      const logo = readLogo(sent.bytes);
      if (typeof logo === 'string') return show(request, reply.code(400), at, logo);
      await keep(request, at, logo);
      return reply.redirect(`${settingsPath({ ...at, csrf: '' })}?done=logo`, 303);
    });
  });

  app.post(`${LOGO}/remove`, async (request, reply) => {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const at = await atSettings(deps, request);
    requireChangeable(at.session);
    await keep(request, at, undefined);
    return reply.redirect(`${settingsPath({ ...at, csrf: '' })}?done=logo-removed`, 303);
  });

  async function keep(request: FastifyRequest, { session, settings }: AtSettings, logo: Logo | undefined) {
    const { practiceId } = settings;
    await deps.db.transaction(async (tx) => {
      await keepLogo(tx, practiceId, logo);
      const detail = { action: 'logo', practice: practiceId, type: logo?.type ?? 'none' };
      const { accountId } = session;
      await deps.audit.recordWithin(tx, {
        kind: 'practice',
        outcome: 'success',
        requestId: request.id,
        accountId,
        detail,
      });
    });
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    at: AtSettings,
    fault: string | undefined,
  ): Promise<FastifyReply> {
    const logo = (await brandOf(deps.db, at.settings.practiceId))?.logo;
    const page = { ...at, csrf: deps.cookies.csrf(request, reply), logo, fault };
    return reply.type('text/html; charset=utf-8').send(logoPage(deps.framing.forStaff(request), page));
  }
}

interface Sent {
  readonly csrf: string;
  readonly bytes: Buffer;
}

/** What the parser refuses has a status; a form that ends in its middle is as much the sender's. */
function unreadable(error: unknown): never {
  if (Object(error).statusCode !== undefined) throw error;
  throw new Problem('bad-request', {
    status: 400,
    message: 'The file did not arrive whole. Send it again.',
    cause: error,
  });
}

/** What else is sent is read past: the parser has its limits. */
async function sentIn(request: FastifyRequest): Promise<Sent> {
  let sent: Sent = { csrf: '', bytes: Buffer.alloc(0) };
  if (!request.isMultipart()) return { ...sent, csrf: fieldOf(request.body, 'csrf') };
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (part.fieldname === 'csrf' && typeof part.value === 'string') sent = { ...sent, csrf: part.value };
      continue;
    }
    const bytes = await part.toBuffer();
    if (part.fieldname === 'logo') sent = { ...sent, bytes };
  }
  return sent;
}
