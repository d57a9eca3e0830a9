import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BulkFileFault, type BulkProgress } from '../../../enrollment/index.ts';
import type { FieldFault } from '../../../pages/index.ts';
import { DEFAULT_TIME_ZONE, findSettings } from '../../../practices/index.ts';
import { fieldsOf } from '../../form.ts';
import { deskPath } from '../../frame.ts';
import { type AtDesk, notFound, staffAt } from '../../roles.ts';
import { ENROLLERS } from '../acts.ts';
import type { PatientsDeps } from '../deps.ts';
import { reportCsv, templateCsv } from './csv.ts';
import { printLetters } from './letters.ts';
import { progressPage, startPage } from './pages.ts';
import { readUpload, type Upload } from './read-upload.ts';

const PATH = '/practice/:practiceId/patients/bulk';
const HTML = 'text/html; charset=utf-8';
/** In bytes. */
const LARGEST = 2 * 1024 * 1024;
/** The form has a CSRF token and a file. One more field is tolerated because browsers may add one. */
const LIMITS = { fields: 2, files: 1, parts: 3, fieldSize: 200, fileSize: LARGEST };

const UPLOAD_FAULTS: Readonly<Record<NonNullable<Upload['fault']>, string>> = {
  none: 'Choose a CSV file that has patients in it',
  'too-large': 'The file is larger than 2 MB. Split it.',
  broken: 'The file did not arrive whole. Try again.',
};

/**
 * Registers the pages that invite patients from a CSV file. The invitations themselves are made by a background job.
 */
export function bulkRoutes(app: FastifyInstance, deps: PatientsDeps): void {
  const { enrollments, cookies, framing } = deps;

  app.get(PATH, async (request, reply) => showStart(request, reply, await requireStaff(request), []));

  app.get(`${PATH}/template.csv`, async (request, reply) => {
    await requireStaff(request);
    return sendCsv(reply, 'patients-to-invite.csv', templateCsv());
  });

  app.register(async (scope) => {
    await scope.register(multipart, { limits: LIMITS });
    scope.post(PATH, async (request, reply) => {
      // Checks the session before reading the body, so that unauthorized clients can't upload two megabytes.
      const context = await requireStaff(request);
      const upload = await readUpload(request);
      cookies.requireCsrf(request, upload.csrf);
      const started = await start(request, context, upload);
      if (typeof started === 'string') return reply.redirect(`${bulkPath(context)}/${started}`, 303);
      return showStart(request, reply.code(400), context, [started]);
    });
  });

  app.get(`${PATH}/:bulkId`, async (request, reply) => {
    const context = await requireStaff(request);
    const bulk = await requireProgress(request, context);
    const working = bulk.finishedAt === undefined;
    if (working) reply.header('refresh', '2');
    const rows = working ? [] : await enrollments.bulkReport(bulk.bulkId, context.job.practiceId, visitorAt(context));
    const page = { ...(await pageContextFor(request, reply, context)), bulk, rows };
    return reply.type(HTML).send(progressPage(page, framing.forStaff(request)));
  });

  app.get(`${PATH}/:bulkId/report.csv`, async (request, reply) => {
    const context = await requireStaff(request);
    const { bulkId } = await requireProgress(request, context);
    const rows = await enrollments.bulkReport(bulkId, context.job.practiceId, visitorAt(context));
    const detail = { action: 'bulk-report', practice: context.job.practiceId, patients: rows.length };
    const { accountId } = context.session;
    await deps.audit.record({ kind: 'enrollment', outcome: 'success', requestId: request.id, accountId, detail });
    return sendCsv(reply, 'invited.csv', reportCsv(rows));
  });

  app.post(`${PATH}/:bulkId/letters`, async (request, reply) => {
    const form = fieldsOf(request.body);
    cookies.requireCsrf(request, form['csrf']);
    const context = await requireStaff(request);
    const { bulkId } = await requireProgress(request, context);
    const part = /^\d{1,4}$/.test(form['part'] ?? '') ? Number(form['part']) : 0;
    const actor = { accountId: context.session.accountId, requestId: request.id };
    const back = `${bulkPath(context)}/${bulkId}`;
    const batchRequest = { practiceId: context.job.practiceId, bulkId, visitor: visitorAt(context), part, back };
    return reply.type(HTML).send(await printLetters(enrollments, actor, batchRequest, framing.forStaff(request)));
  });

  const requireStaff = (request: FastifyRequest): Promise<AtDesk> => staffAt(deps, request, ...ENROLLERS);

  const pageContextFor = async (request: FastifyRequest, reply: FastifyReply, context: AtDesk) => ({
    ...context,
    csrf: cookies.csrf(request, reply),
    timeZone: (await findSettings(deps.db, context.job.practiceId))?.timeZone ?? DEFAULT_TIME_ZONE,
  });

  /** @returns the id of the started job, or the error of the file */
  async function start(request: FastifyRequest, context: AtDesk, upload: Upload): Promise<string | FieldFault> {
    const { file, fault: uploadError = 'none' } = upload;
    if (file === undefined) return { field: 'file', message: UPLOAD_FAULTS[uploadError] };
    const actor = { accountId: context.session.accountId, requestId: request.id, visitor: visitorAt(context) };
    try {
      return await enrollments.startBulk(actor, context.job.practiceId, file);
    } catch (error) {
      if (error instanceof BulkFileFault) return { field: 'file', message: error.message };
      throw error;
    }
  }

  async function showStart(
    request: FastifyRequest,
    reply: FastifyReply,
    context: AtDesk,
    errors: readonly FieldFault[],
  ): Promise<FastifyReply> {
    const earlier = await enrollments.bulkOf(context.job.practiceId, visitorAt(context));
    const page = startPage(
      { ...(await pageContextFor(request, reply, context)), earlier, faults: errors },
      framing.forStaff(request),
    );
    return reply.type(HTML).send(page);
  }

  /** Finds the upload, which must belong to this practice. */
  async function requireProgress(request: FastifyRequest, context: AtDesk): Promise<BulkProgress> {
    const { bulkId = '' } = fieldsOf(request.params);
    const bulk = await enrollments.bulkProgress(bulkId, context.job.practiceId, visitorAt(context));
    if (bulk === undefined) throw notFound();
    return bulk;
  }
}

/**
 * Identifies the browser in a session with shared sandbox credentials, so that a visitor only sees their own uploads.
 * undefined in all other sessions.
 */
const visitorAt = ({ session: { published, browser = Buffer.alloc(0) } }: AtDesk): Buffer | undefined =>
  published ? browser : undefined;

const bulkPath = ({ job }: AtDesk): string => `${deskPath(job.practiceId, 'patients')}/bulk`;

const sendCsv = (reply: FastifyReply, name: string, text: string): FastifyReply =>
  reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${name}"`).send(text);
