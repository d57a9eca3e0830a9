import type { FastifyInstance, FastifyRequest } from 'fastify';
import { days, later, Problem } from '../../kernel/index.ts';
import { DEFAULT_TIME_ZONE, findSettings } from '../../practices/index.ts';
import type { OfficeDeps } from '../deps.ts';
import { type AtDesk, staffAt } from '../roles.ts';
import { seenFrom } from '../seen-from.ts';
import { type Asked, fieldsIn, readAsked } from './asked.ts';
import { csvOf } from './csv.ts';
import { localTimeOf } from './local-time.ts';
import { type DisclosuresPage, disclosuresPage, ON_A_PAGE } from './page.ts';
import { choosableApps, readPatients } from './store.ts';

const PATH = '/practice/:practiceId/disclosures';
/** Maximum number of patients in a CSV file. */
const IN_A_FILE = 100_000;

/**
 * Registers the disclosure report, which shows whose data an app read in a period. It is for the privacy officers of a
 * practice, and each query is recorded in the audit log.
 */
export function disclosuresRoutes(app: FastifyInstance, deps: OfficeDeps): void {
  const { db } = deps;

  app.get(PATH, async (request, reply) => {
    const at = await staffAt(deps, request, 'privacy-officer');
    const choices = await loadChoices(at);
    const pageContext = deps.framing.forStaff(request);
    const csrf = deps.cookies.csrf(request, reply);
    const baseContext = { ...at, csrf, apps: choices.apps, timeZone: choices.zone, aliases: deps.types.aliases };
    reply.type('text/html; charset=utf-8');
    if (!isAsked(request.query))
      return disclosuresPage(pageContext, { ...baseContext, ...lastWeek(deps, choices.zone) });
    const fields = fieldsIn(request.query);
    const disclosureQuery = readAsked(request.query, { zone: choices.zone, known: choices.ids });
    if (!('clientId' in disclosureQuery)) {
      reply.code(400);
      return disclosuresPage(pageContext, { ...baseContext, fields, faults: disclosureQuery, found: undefined });
    }
    const found = await loadPage(at, disclosureQuery);
    const { page } = found.asked;
    await auditQuery(request, at, disclosureQuery, { page, patients: found.answer.patients.length });
    return disclosuresPage(pageContext, { ...baseContext, fields, faults: [], found });
  });

  /**
   * Shows the first page if the requested page is past the last one. An empty page would look as if nothing had been
   * read.
   */
  async function loadPage(at: AtDesk, disclosureQuery: Asked): Promise<NonNullable<DisclosuresPage['found']>> {
    const pageRange = { skip: (disclosureQuery.page - 1) * ON_A_PAGE, most: ON_A_PAGE, browser: seenFrom(at.session) };
    const answer = await readPatients(db, at.job.practiceId, disclosureQuery, pageRange);
    return answer.total === 0 && disclosureQuery.page > 1
      ? loadPage(at, { ...disclosureQuery, page: 1 })
      : { asked: disclosureQuery, answer };
  }

  app.get(`${PATH}/csv`, async (request, reply) => {
    const at = await staffAt(deps, request, 'privacy-officer');
    const choices = await loadChoices(at);
    const disclosureQuery = readAsked(request.query, { zone: choices.zone, known: choices.ids });
    if (!('clientId' in disclosureQuery))
      throw new Problem('bad-request', {
        status: 400,
        message: disclosureQuery.map(({ message }) => `${message}.`).join(' '),
      });
    const { patients, total } = await readPatients(db, at.job.practiceId, disclosureQuery, {
      skip: 0,
      most: IN_A_FILE,
      browser: seenFrom(at.session),
    });
    await auditQuery(request, at, disclosureQuery, { as: 'csv', patients: patients.length });
    if (total > patients.length)
      throw new Problem('too-large', {
        status: 413,
        message: `That is more than ${IN_A_FILE} patients. Ask for a shorter time.`,
      });
    return reply
      .type('text/csv; charset=utf-8; header=present')
      .header(
        'content-disposition',
        `attachment; filename="who-read-what-${disclosureQuery.from.toISOString().slice(0, 10)}.csv"`,
      )
      .header('x-content-type-options', 'nosniff')
      .send(csvOf(patients));
  });

  async function loadChoices({ job, session }: AtDesk) {
    const apps = await choosableApps(db, seenFrom(session));
    const zone = (await findSettings(db, job.practiceId))?.timeZone ?? DEFAULT_TIME_ZONE;
    return { zone, apps, ids: new Set(apps.map(({ clientId }) => clientId)) };
  }

  /**
   * Records the query in the audit log before the response is sent: who asked about which app and period, never the
   * patients in the result.
   */
  const auditQuery = (
    request: FastifyRequest,
    { session, job }: AtDesk,
    { clientId, from, until }: Asked,
    more: Readonly<Record<string, unknown>>,
  ): Promise<void> =>
    deps.audit.record({
      kind: 'audit-query',
      outcome: 'success',
      requestId: request.id,
      accountId: session.accountId,
      detail: { practice: job.practiceId, app: clientId, from, until, ...more },
    });
}

const isAsked = (query: unknown): boolean => ['app', 'from', 'to'].some((name) => Object.hasOwn(Object(query), name));

/** Initial form values: the last seven days. */
function lastWeek({ clock }: OfficeDeps, zone: string): Pick<DisclosuresPage, 'fields' | 'faults' | 'found'> {
  const now = clock.now();
  const fields = { app: '', from: localTimeOf(later(now, -days(7)), zone), to: localTimeOf(now, zone) };
  return { fields, faults: [], found: undefined };
}
