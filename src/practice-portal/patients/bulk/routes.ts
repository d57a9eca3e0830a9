import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BulkFileError, type BulkProgress } from '../../../enrollment/index.ts';
import { getMessages } from '../../../i18n/index.ts';
import { sendHtml } from '../../../kernel/index.ts';
import { DEFAULT_TIME_ZONE, findPracticeSettings } from '../../../practices/index.ts';
import type { FormFieldError } from '../../../web-pages/index.ts';
import { parseFields } from '../../parse-fields.ts';
import { loadStaffContext, notFound, type StaffContext } from '../../roles.ts';
import { practicePath } from '../../staff-page.ts';
import { ENROLLMENT_ROLES } from '../actions/patient-action.ts';
import type { PatientAdminDeps } from '../deps.ts';
import { reportCsv, templateCsv } from './csv.ts';
import { printLetters } from './letters.ts';
import { renderProgressPage, renderUploadPage } from './pages.ts';
import { type BulkUpload, readUpload } from './read-upload.ts';

const BULK_PATH = '/practice/:practiceId/patients/bulk';
/** Maximum size of the uploaded file in bytes. */
const MAX_FILE_SIZE = 2 * 1024 * 1024;
/**
 * Limits of the upload form, which has a CSRF token and a file. One more field is tolerated because browsers may add
 * one.
 */
const MULTIPART_LIMITS = { fields: 2, files: 1, parts: 3, fieldSize: 200, fileSize: MAX_FILE_SIZE };

/** Registers the pages that invite patients from a CSV file. A background job makes the invitations. */
export function bulkRoutes(app: FastifyInstance, deps: PatientAdminDeps): void {
  const { enrollments, cookies, framing } = deps;

  app.get(BULK_PATH, async (request, reply) => showStart(request, reply, await requireStaff(request), []));

  app.get(`${BULK_PATH}/template.csv`, async (request, reply) => {
    await requireStaff(request);
    return sendCsv(reply, 'patients-to-invite.csv', templateCsv());
  });

  app.register(async (scope) => {
    await scope.register(multipart, { limits: MULTIPART_LIMITS });
    scope.post(BULK_PATH, async (request, reply) => {
      // Check the session before reading the body, so that unauthorized clients can't upload two megabytes.
      const context = await requireStaff(request);
      const upload = await readUpload(request);
      cookies.requireCsrf(request, upload.csrf);
      const started = await start(request, context, upload);
      if (typeof started === 'string') return reply.redirect(`${bulkPath(context)}/${started}`, 303);
      return showStart(request, reply.code(400), context, [started]);
    });
  });

  app.get(`${BULK_PATH}/:bulkId`, async (request, reply) => {
    const context = await requireStaff(request);
    const bulk = await requireProgress(request, context);
    const working = bulk.finishedAt === undefined;
    if (working) reply.header('refresh', '2');
    const rows = working
      ? []
      : await enrollments.listBulkReport(bulk.bulkId, context.job.practiceId, browserIdOf(context));
    const page = { ...(await pageContextFor(request, reply, context)), bulk, rows };
    return sendHtml(reply, renderProgressPage(page, framing.forStaff(request)));
  });

  app.get(`${BULK_PATH}/:bulkId/report.csv`, async (request, reply) => {
    const context = await requireStaff(request);
    const { bulkId } = await requireProgress(request, context);
    const rows = await enrollments.listBulkReport(bulkId, context.job.practiceId, browserIdOf(context));
    const detail = { action: 'bulk-report', practice: context.job.practiceId, patients: rows.length };
    const { accountId } = context.session;
    await deps.audit.append({ kind: 'enrollment', outcome: 'success', requestId: request.id, accountId, detail });
    return sendCsv(reply, 'invited.csv', reportCsv(messagesFor(request), rows));
  });

  app.post(`${BULK_PATH}/:bulkId/letters`, async (request, reply) => {
    const form = parseFields(request.body);
    cookies.requireCsrf(request, form['csrf']);
    const context = await requireStaff(request);
    const { bulkId } = await requireProgress(request, context);
    const batchIndex = /^\d{1,4}$/.test(form['part'] ?? '') ? Number(form['part']) : 0;
    const actor = { accountId: context.session.accountId, requestId: request.id };
    const back = `${bulkPath(context)}/${bulkId}`;
    const batchRequest = {
      practiceId: context.job.practiceId,
      bulkId,
      visitor: browserIdOf(context),
      batchIndex,
      back,
    };
    return sendHtml(reply, await printLetters(enrollments, actor, batchRequest, framing.forStaff(request)));
  });

  const requireStaff = (request: FastifyRequest): Promise<StaffContext> =>
    loadStaffContext(deps, request, ...ENROLLMENT_ROLES);

  const messagesFor = (request: FastifyRequest) =>
    getMessages(framing.forStaff(request).language).practicePortal.bulkInvitations;

  const pageContextFor = async (request: FastifyRequest, reply: FastifyReply, context: StaffContext) => ({
    ...context,
    csrf: cookies.csrf(request, reply),
    timeZone: (await findPracticeSettings(deps.db, context.job.practiceId))?.timeZone ?? DEFAULT_TIME_ZONE,
  });

  /**
   * Starts the job that invites the patients in the file.
   * @returns the id of the started job, or an error about the file
   */
  async function start(
    request: FastifyRequest,
    context: StaffContext,
    upload: BulkUpload,
  ): Promise<string | FormFieldError> {
    const { file, error: uploadError = 'none' } = upload;
    if (file === undefined) return { field: 'file', message: messagesFor(request).fileErrors[uploadError] };
    const actor = { accountId: context.session.accountId, requestId: request.id, visitor: browserIdOf(context) };
    try {
      return await enrollments.startBulkInvitation(actor, context.job.practiceId, file);
    } catch (error) {
      if (error instanceof BulkFileError)
        return { field: 'file', message: error.messageIn(framing.forStaff(request).language) };
      throw error;
    }
  }

  async function showStart(
    request: FastifyRequest,
    reply: FastifyReply,
    context: StaffContext,
    errors: readonly FormFieldError[],
  ): Promise<FastifyReply> {
    const earlier = await enrollments.listBulkInvitations(context.job.practiceId, browserIdOf(context));
    const page = renderUploadPage(
      { ...(await pageContextFor(request, reply, context)), earlier, errors },
      framing.forStaff(request, bulkPath(context)),
    );
    return sendHtml(reply, page);
  }

  /** Finds the progress of an upload. Throws `not-found` for an upload of another practice. */
  async function requireProgress(request: FastifyRequest, context: StaffContext): Promise<BulkProgress> {
    const { bulkId = '' } = parseFields(request.params);
    const bulk = await enrollments.findBulkProgress(bulkId, context.job.practiceId, browserIdOf(context));
    if (bulk === undefined) throw notFound();
    return bulk;
  }
}

/**
 * Identifies the browser in a session with shared sandbox credentials, whose users see only their own uploads.
 * undefined in all other sessions.
 */
const browserIdOf = ({ session: { published, browser = Buffer.alloc(0) } }: StaffContext): Buffer | undefined =>
  published ? browser : undefined;

const bulkPath = ({ job }: StaffContext): string => `${practicePath(job.practiceId, 'patients')}/bulk`;

const sendCsv = (reply: FastifyReply, name: string, text: string): FastifyReply =>
  reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${name}"`).send(text);
