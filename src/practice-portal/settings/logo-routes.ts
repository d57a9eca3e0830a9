import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requireChangeableAccount } from '../../identity/index.ts';
import { Problem, sendHtml } from '../../kernel/index.ts';
import { findBrand, type Logo, MAX_LOGO_BYTES, savePracticeLogo, validateLogo } from '../../practices/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { formField } from '../form-fields.ts';
import { renderLogoPage, renderRemoveLogoPage } from './logo-page.ts';
import { settingsPath } from './page.ts';
import { loadSettingsContext, type PracticeSettingsContext, SETTINGS_PATH } from './routes.ts';

const LOGO_PATH = `${SETTINGS_PATH}/logo`;

/** Registers the upload of the practice's logo. The file upload plugin is registered for these routes only. */
export function logoRoutes(app: FastifyInstance, deps: PracticeAdminDeps): void {
  app.get(LOGO_PATH, async (request, reply) =>
    show(request, reply, await loadSettingsContext(deps, request), undefined),
  );

  app.register(async (scope) => {
    // The size limit allows one byte more than a logo may have, so that a file that is too large can be told from one
    // that fits.
    const limits = { files: 1, fields: 5, fieldSize: 1000, parts: 6, fileSize: MAX_LOGO_BYTES + 1 };
    await scope.register(multipart, { limits, throwFileSizeLimit: false });
    scope.post(LOGO_PATH, async (request, reply) => {
      const upload = await readUpload(request).catch(rethrowUploadError);
      deps.cookies.requireCsrf(request, upload.csrf);
      const context = await loadSettingsContext(deps, request);
      requireChangeableAccount(context.session);
      const logo = validateLogo(upload.bytes, deps.framing.forStaff(request).language);
      if (typeof logo === 'string') return show(request, reply.code(400), context, logo);
      await saveLogo(request, context, logo);
      return reply.redirect(`${settingsPath({ ...context, csrf: '' })}?done=logo`, 303);
    });
  });

  app.get(`${LOGO_PATH}/remove`, async (request, reply) => {
    const context = await loadSettingsContext(deps, request);
    const page = { ...context, csrf: deps.cookies.csrf(request, reply) };
    const logo = await findLogo(context);
    if (logo === undefined) return reply.redirect(settingsPath(page, 'logo'), 303);
    return sendHtml(reply, renderRemoveLogoPage(deps.framing.forStaff(request), { ...page, logo }));
  });

  app.post(`${LOGO_PATH}/remove`, async (request, reply) => {
    deps.cookies.requireCsrf(request, formField(request.body, 'csrf'));
    const context = await loadSettingsContext(deps, request);
    requireChangeableAccount(context.session);
    await saveLogo(request, context, undefined);
    return reply.redirect(`${settingsPath({ ...context, csrf: '' })}?done=logo-removed`, 303);
  });

  async function saveLogo(
    request: FastifyRequest,
    { session, settings }: PracticeSettingsContext,
    logo: Logo | undefined,
  ) {
    const { practiceId } = settings;
    await deps.db.transaction(async (tx) => {
      await savePracticeLogo(tx, practiceId, logo);
      const detail = { action: 'logo', practice: practiceId, type: logo?.type ?? 'none' };
      const { accountId } = session;
      await deps.audit.appendInTransaction(tx, {
        kind: 'practice',
        outcome: 'success',
        requestId: request.id,
        accountId,
        detail,
      });
    });
  }

  const findLogo = async ({ settings }: PracticeSettingsContext): Promise<string | undefined> =>
    (await findBrand(deps.db, settings.practiceId))?.logo;

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    context: PracticeSettingsContext,
    errorMessage: string | undefined,
  ): Promise<FastifyReply> {
    const logo = await findLogo(context);
    const page = { ...context, csrf: deps.cookies.csrf(request, reply), logo, error: errorMessage };
    return sendHtml(reply, renderLogoPage(deps.framing.forStaff(request, settingsPath(page, 'logo')), page));
  }
}

interface LogoUpload {
  readonly csrf: string;
  readonly bytes: Buffer;
}

/**
 * Rethrows an error of the multipart parser that has an HTTP status. An error without a status, such as for a form that
 * ends early, is reported as a client error as well.
 */
function rethrowUploadError(error: unknown): never {
  if (Object(error).statusCode !== undefined) throw error;
  throw new Problem('bad-request', {
    status: 400,
    message: 'The upload was incomplete. Upload the file again.',
    cause: error,
  });
}

/**
 * Reads the logo and the CSRF token from the upload form and skips other parts. The multipart parser enforces the
 * limits.
 */
async function readUpload(request: FastifyRequest): Promise<LogoUpload> {
  let upload: LogoUpload = { csrf: '', bytes: Buffer.alloc(0) };
  if (!request.isMultipart()) return { ...upload, csrf: formField(request.body, 'csrf') };
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
