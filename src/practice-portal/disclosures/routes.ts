import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addRecentReads } from '../../audit/index.ts';
import { formatLongDateTime, getMessages, type Language } from '../../i18n/index.ts';
import { Problem, sendHtml } from '../../kernel/index.ts';
import { DEFAULT_TIME_ZONE, findPracticeSettings } from '../../practices/index.ts';
import type { FormFieldError } from '../../web-pages/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { loadStaffContext, type StaffContext } from '../roles.ts';
import { visibleBrowser } from '../shared-account-visibility.ts';
import { disclosuresCsv } from './csv.ts';
import { type DisclosuresPage, PAGE_SIZE, renderDisclosuresPage } from './page.ts';
import { type DisclosureQuery, disclosureFields, parseDisclosureQuery } from './parse-query.ts';
import { parseRequestedPage, type ReportPosition, type RequestedPage } from './position.ts';
import { listDisclosureApps, listDisclosures, type PatientDisclosure } from './store.ts';

const DISCLOSURES_PATH = '/practice/:practiceId/disclosures';
/** Maximum number of rows of the report, each a day, a patient, an app and a person, in a CSV file. */
const MAX_READS_IN_FILE = 100_000;
/** Number of rows that one statement reads for a file. */
const ROWS_AT_ONCE = 500;
const FIRST_PAGE = { number: 1, after: undefined };

const ifInPeriod = (missingAfter: Date | undefined, { until }: DisclosureQuery): Date | undefined =>
  missingAfter !== undefined && missingAfter < until ? missingAfter : undefined;

/**
 * Registers the disclosure report, which shows whose data one app or all apps read in a period. It is for the privacy
 * officers of a practice, and each query is recorded in the audit log.
 */
export function disclosuresRoutes(app: FastifyInstance, deps: PracticeAdminDeps): void {
  const { db } = deps;

  app.get(DISCLOSURES_PATH, async (request, reply) => {
    const at = await loadStaffContext(deps, request, 'privacy-officer');
    const choices = await loadChoices(at);
    const pageContext = deps.framing.forStaff(request);
    const csrf = deps.cookies.csrf(request, reply);
    const now = deps.clock.now();
    const baseContext = { ...at, csrf, now, apps: choices.apps, timeZone: choices.zone, aliases: deps.types.aliases };
    const fields = disclosureFields(request.query, now, choices.zone);
    const { language } = pageContext;
    const options = { now, zone: choices.zone, known: choices.ids, language };
    const disclosureQuery = parseDisclosureQuery(request.query, options);
    if (!('clientId' in disclosureQuery)) {
      const page = { ...baseContext, fields, errors: disclosureQuery, result: undefined };
      return sendHtml(reply.code(400), renderDisclosuresPage(pageContext, page));
    }
    const found = await loadPage(at, disclosureQuery, parseRequestedPage(request.query));
    if (found === undefined) {
      const page = { ...baseContext, fields, errors: [timeoutError(disclosureQuery, language)], result: undefined };
      return sendHtml(reply.code(503), renderDisclosuresPage(pageContext, page));
    }
    const patients = countPatients(found.answer.reads);
    await auditQuery(request, at, disclosureQuery, { page: found.page.number, patients });
    return sendHtml(reply, renderDisclosuresPage(pageContext, { ...baseContext, fields, errors: [], result: found }));
  });

  /**
   * Loads a page of the report. If nothing is left for the requested page, loads the first page: an empty page would look
   * as if nothing had been read.
   * @returns undefined if the database took too long
   */
  async function loadPage(
    at: StaffContext,
    submittedQuery: DisclosureQuery,
    page: RequestedPage,
  ): Promise<DisclosuresPage['result']> {
    const missingAfter = await addRecentReads(db, deps.clock);
    const range = { after: page.after, limit: PAGE_SIZE, browser: visibleBrowser(at.session) };
    const answer = await listDisclosures(db, at.job.practiceId, submittedQuery, range);
    if (answer === undefined) return undefined;
    if (answer.reads.length === 0 && page.after !== undefined) return loadPage(at, submittedQuery, FIRST_PAGE);
    return { submittedQuery, answer, page, missingAfter: ifInPeriod(missingAfter, submittedQuery) };
  }

  app.get(`${DISCLOSURES_PATH}/csv`, async (request, reply) => {
    const at = await loadStaffContext(deps, request, 'privacy-officer');
    const choices = await loadChoices(at);
    const { language } = deps.framing.forStaff(request);
    const options = { now: deps.clock.now(), zone: choices.zone, known: choices.ids, language };
    const disclosureQuery = parseDisclosureQuery(request.query, options);
    if (!('clientId' in disclosureQuery))
      throw new Problem('bad-request', {
        status: 400,
        language,
        message: disclosureQuery.map(({ message }) => `${message}.`).join(' '),
      });
    const missingAfter = ifInPeriod(await addRecentReads(db, deps.clock), disclosureQuery);
    if (missingAfter !== undefined)
      throw new Problem('unavailable', {
        status: 503,
        language,
        message: getMessages(language).practicePortal.disclosures.missing(
          formatLongDateTime(language, missingAfter, choices.zone),
        ),
      });
    const reads = await loadFile(at, disclosureQuery);
    if (reads === undefined)
      throw new Problem('unavailable', {
        status: 503,
        language,
        message: `${timeoutError(disclosureQuery, language).message}.`,
      });
    await auditQuery(request, at, disclosureQuery, { as: 'csv', patients: countPatients(reads) });
    if (reads.length > MAX_READS_IN_FILE)
      throw new Problem('too-large', {
        status: 413,
        language,
        message: getMessages(language).practicePortal.disclosures.tooLarge(MAX_READS_IN_FILE),
      });
    return reply
      .type('text/csv; charset=utf-8; header=present')
      .header(
        'content-disposition',
        `attachment; filename="who-read-what-${disclosureQuery.from.toISOString().slice(0, 10)}.csv"`,
      )
      .send(disclosuresCsv(reads));
  });

  /**
   * Loads the rows of a file, step by step, so that other requests can use the database meanwhile.
   * @returns undefined if the database took too long. More rows than a file can have if there are more
   */
  async function loadFile(at: StaffContext, query: DisclosureQuery): Promise<readonly PatientDisclosure[] | undefined> {
    const reads: PatientDisclosure[] = [];
    const browser = visibleBrowser(at.session);
    let after: ReportPosition | undefined;
    do {
      const answer = await listDisclosures(db, at.job.practiceId, query, { after, limit: ROWS_AT_ONCE, browser });
      if (answer === undefined) return undefined;
      reads.push(...answer.reads);
      after = answer.next;
    } while (after !== undefined && reads.length <= MAX_READS_IN_FILE);
    return reads;
  }

  async function loadChoices({ job, session }: StaffContext) {
    const apps = await listDisclosureApps(db, job.practiceId, visibleBrowser(session));
    const zone = (await findPracticeSettings(db, job.practiceId))?.timeZone ?? DEFAULT_TIME_ZONE;
    return { zone, apps, ids: new Set(apps.map(({ clientId }) => clientId)) };
  }

  /**
   * Records the query in the audit log before the response is sent: the staff member, the app or all apps, and the
   * period, but never the patients in the result.
   */
  const auditQuery = (
    request: FastifyRequest,
    { session, job }: StaffContext,
    { clientId, from, until }: DisclosureQuery,
    more: Readonly<Record<string, unknown>>,
  ): Promise<void> =>
    deps.audit.append({
      kind: 'audit-query',
      outcome: 'success',
      requestId: request.id,
      accountId: session.accountId,
      detail: {
        practice: job.practiceId,
        ...(clientId === undefined ? { apps: 'all' } : { app: clientId }),
        from,
        until,
        ...more,
      },
    });
}

/** The error of a report that the database couldn't finish in time, on the field that makes the report shorter. */
function timeoutError({ clientId }: DisclosureQuery, language: Language): FormFieldError {
  const { allAppsTimeout, timeout } = getMessages(language).practicePortal.disclosures.errors;
  return clientId === undefined ? { field: 'app', message: allAppsTimeout } : { field: 'to', message: timeout };
}

const countPatients = (reads: readonly PatientDisclosure[]): number =>
  new Set(reads.map(({ patientId }) => patientId)).size;
