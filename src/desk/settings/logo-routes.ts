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

/** Registers the upload of the practice's logo. File uploads are only enabled in this scope. */
export function logoRoutes(app: FastifyInstance, deps: OfficeDeps): void {
  app.get(LOGO, async (request, reply) => show(request, reply, await atSettings(deps, request), undefined));

  app.register(async (scope) => {
    // Allows one byte more than the limit, so that a file that is too large can be told from one that fits.
    const limits = { files: 1, fields: 5, fieldSize: 1000, parts: 6, fileSize: LARGEST_LOGO + 1 };
    await scope.register(multipart, { limits, throwFileSizeLimit: false });
    scope.post(LOGO, async (request, reply) => {
      const upload = await sentIn(request).catch(unreadable);
      deps.cookies.requireCsrf(request, upload.csrf);
      const context = await atSettings(deps, request);
      requireChangeable(context.session);
      const logo = readLogo(upload.bytes);
      if (typeof logo === 'string') return show(request, reply.code(400), context, logo);
      await saveLogo(request, context, logo);
      return reply.redirect(`${settingsPath({ ...context, csrf: '' })}?done=logo`, 303);
    });
  });

  app.post(`${LOGO}/remove`, async (request, reply) => {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const context = await atSettings(deps, request);
    requireChangeable(context.session);
    await saveLogo(request, context, undefined);
    return reply.redirect(`${settingsPath({ ...context, csrf: '' })}?done=logo-removed`, 303);
  });

  async function saveLogo(request: FastifyRequest, { session, settings }: AtSettings, logo: Logo | undefined) {
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
    context: AtSettings,
    errorMessage: string | undefined,
  ): Promise<FastifyReply> {
    const logo = (await brandOf(deps.db, context.settings.practiceId))?.logo;
    const page = { ...context, csrf: deps.cookies.csrf(request, reply), logo, fault: errorMessage };
    return reply.type('text/html; charset=utf-8').send(logoPage(deps.framing.forStaff(request), page));
  }
}

interface Sent {
  readonly csrf: string;
  readonly bytes: Buffer;
}

/** Rethrows parser errors, which have a status. A form that ends early is reported as a client error as well. */
function unreadable(error: unknown): never {
  if (Object(error).statusCode !== undefined) throw error;
  throw new Problem('bad-request', {
    status: 400,
    message: 'The file did not arrive whole. Send it again.',
    cause: error,
  });
}

/** Reads the logo and the CSRF token and skips other parts. The parser enforces the limits. */
async function sentIn(request: FastifyRequest): Promise<Sent> {
  let upload: Sent = { csrf: '', bytes: Buffer.alloc(0) };
  if (!request.isMultipart()) return { ...upload, csrf: fieldOf(request.body, 'csrf') };
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (part.fieldname === 'csrf' && typeof part.value === 'string') upload = { ...upload, csrf: part.value };
      continue;
    }
    const bytes = await part.toBuffer();
    if (part.fieldname === 'logo') upload = { ...upload, bytes };
  }
  return upload;
}
