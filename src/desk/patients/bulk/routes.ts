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
const LARGEST = 2 * 1024 * 1024;
/** The token, and what a browser may add. */
const LIMITS = { fields: 2, files: 1, parts: 3, fieldSize: 200, fileSize: LARGEST };

const UPLOAD_FAULTS: Readonly<Record<NonNullable<Upload['fault']>, string>> = {
  none: 'Choose a CSV file that has patients in it',
  'too-large': 'The file is larger than 2 MB. Split it.',
  broken: 'The file did not arrive whole. Try again.',
};

/** Invitations for a whole file of patients; the work itself goes on in the background. */
export function bulkRoutes(app: FastifyInstance, deps: PatientsDeps): void {
  const { enrollments, cookies, framing } = deps;

  app.get(PATH, async (request, reply) => showStart(request, reply, await enter(request), []));

  app.get(`${PATH}/template.csv`, async (request, reply) => {
    await enter(request);
    return sendCsv(reply, 'patients-to-invite.csv', templateCsv());
  });

  app.register(async (scope) => {
    await scope.register(multipart, { limits: LIMITS });
    scope.post(PATH, async (request, reply) => {
      // Before its body is read: strangers are not listened to for two megabytes.
      const at = await enter(request);
      const upload = await readUpload(request);
      cookies.requireCsrf(request, upload.csrf);
      const started = await start(request, at, upload);
      if (typeof started === 'string') return reply.redirect(`${bulkPath(at)}/${started}`, 303);
      return showStart(request, reply.code(400), at, [started]);
    });
  });

  app.get(`${PATH}/:bulkId`, async (request, reply) => {
    const at = await enter(request);
    const bulk = await progressOf(request, at);
    const working = bulk.finishedAt === undefined;
    if (working) reply.header('refresh', '2');
    const rows = working ? [] : await enrollments.bulkReport(bulk.bulkId, at.job.practiceId, visitorAt(at));
    const page = { ...(await around(request, reply, at)), bulk, rows };
    return reply.type(HTML).send(progressPage(page, framing.forStaff(request)));
  });

  app.get(`${PATH}/:bulkId/report.csv`, async (request, reply) => {
    const at = await enter(request);
    const { bulkId } = await progressOf(request, at);
    const rows = await enrollments.bulkReport(bulkId, at.job.practiceId, visitorAt(at));
    const detail = { action: 'bulk-report', practice: at.job.practiceId, patients: rows.length };
    const { accountId } = at.session;
    await deps.audit.record({ kind: 'enrollment', outcome: 'success', requestId: request.id, accountId, detail });
    return sendCsv(reply, 'invited.csv', reportCsv(rows));
  });

  app.post(`${PATH}/:bulkId/letters`, async (request, reply) => {
    const form = fieldsOf(request.body);
    cookies.requireCsrf(request, form['csrf']);
    const at = await enter(request);
    const { bulkId } = await progressOf(request, at);
    const part = /^\d{1,4}$/.test(form['part'] ?? '') ? Number(form['part']) : 0;
    const by = { accountId: at.session.accountId, requestId: request.id };
    const back = `${bulkPath(at)}/${bulkId}`;
    const wanted = { practiceId: at.job.practiceId, bulkId, visitor: visitorAt(at), part, back };
    return reply.type(HTML).send(await printLetters(enrollments, by, wanted, framing.forStaff(request)));
  });

  const enter = (request: FastifyRequest): Promise<AtDesk> => staffAt(deps, request, ...ENROLLERS);

  const around = async (request: FastifyRequest, reply: FastifyReply, at: AtDesk) => ({
    ...at,
    csrf: cookies.csrf(request, reply),
    timeZone: (await findSettings(deps.db, at.job.practiceId))?.timeZone ?? DEFAULT_TIME_ZONE,
  });

  /** @returns the id of what was begun, or what is wrong with the file */
  async function start(request: FastifyRequest, at: AtDesk, upload: Upload): Promise<string | FieldFault> {
    const { file, fault = 'none' } = upload;
    if (file === undefined) return { field: 'file', message: UPLOAD_FAULTS[fault] };
    const by = { accountId: at.session.accountId, requestId: request.id, visitor: visitorAt(at) };
    try {
      return await enrollments.startBulk(by, at.job.practiceId, file);
    } catch (error) {
      if (error instanceof BulkFileFault) return { field: 'file', message: error.message };
      throw error;
    }
  }

  async function showStart(
    request: FastifyRequest,
    reply: FastifyReply,
    at: AtDesk,
    faults: readonly FieldFault[],
  ): Promise<FastifyReply> {
    const earlier = await enrollments.bulkOf(at.job.practiceId, visitorAt(at));
    const page = startPage({ ...(await around(request, reply, at)), earlier, faults }, framing.forStaff(request));
    return reply.type(HTML).send(page);
  }

  /** Of this practice. */
  async function progressOf(request: FastifyRequest, at: AtDesk): Promise<BulkProgress> {
    const { bulkId = '' } = fieldsOf(request.params);
    const bulk = await enrollments.bulkProgress(bulkId, at.job.practiceId, visitorAt(at));
    if (bulk === undefined) throw notFound();
    return bulk;
  }
}

/** By which a browser finds its own files again, where everybody signs in with the same password. */
const visitorAt = ({ session: { published, browser = Buffer.alloc(0) } }: AtDesk): Buffer | undefined =>
  published ? browser : undefined;

const bulkPath = ({ job }: AtDesk): string => `${deskPath(job.practiceId, 'patients')}/bulk`;

const sendCsv = (reply: FastifyReply, name: string, text: string): FastifyReply =>
  reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${name}"`).send(text);
