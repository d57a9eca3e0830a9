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
/** Patients in one file. */
const IN_A_FILE = 100_000;

/** Whose data an app read between two times: for the privacy officers of a practice, and kept in the trail each time. */
export function disclosuresRoutes(app: FastifyInstance, deps: OfficeDeps): void {
  const { db } = deps;

  app.get(PATH, async (request, reply) => {
    const at = await staffAt(deps, request, 'privacy-officer');
    const known = await choices(at);
    const frame = deps.framing.forStaff(request);
    const csrf = deps.cookies.csrf(request, reply);
    const basis = { ...at, csrf, apps: known.apps, timeZone: known.zone, aliases: deps.types.aliases };
    reply.type('text/html; charset=utf-8');
    if (!isAsked(request.query)) return disclosuresPage(frame, { ...basis, ...lastWeek(deps, known.zone) });
    const fields = fieldsIn(request.query);
    const asked = readAsked(request.query, { zone: known.zone, known: known.ids });
    if (!('clientId' in asked)) {
      reply.code(400);
      return disclosuresPage(frame, { ...basis, fields, faults: asked, found: undefined });
    }
    const found = await pageOf(at, asked);
    const { page } = found.asked;
    await record(request, at, asked, { page, patients: found.answer.patients.length });
    return disclosuresPage(frame, { ...basis, fields, faults: [], found });
  });

  /** Beyond the last page there is nobody, which must not read as if nothing had been read: the first is shown. */
  async function pageOf(at: AtDesk, asked: Asked): Promise<NonNullable<DisclosuresPage['found']>> {
    const slice = { skip: (asked.page - 1) * ON_A_PAGE, most: ON_A_PAGE, browser: seenFrom(at.session) };
    const answer = await readPatients(db, at.job.practiceId, asked, slice);
    return answer.total === 0 && asked.page > 1 ? pageOf(at, { ...asked, page: 1 }) : { asked, answer };
  }

  app.get(`${PATH}/csv`, async (request, reply) => {
    const at = await staffAt(deps, request, 'privacy-officer');
    const known = await choices(at);
    const asked = readAsked(request.query, { zone: known.zone, known: known.ids });
    if (!('clientId' in asked))
      throw new Problem('bad-request', { status: 400, message: asked.map(({ message }) => `${message}.`).join(' ') });
    const { patients, total } = await readPatients(db, at.job.practiceId, asked, {
      skip: 0,
      most: IN_A_FILE,
      browser: seenFrom(at.session),
    });
    await record(request, at, asked, { as: 'csv', patients: patients.length });
    if (total > patients.length)
      throw new Problem('too-large', {
        status: 413,
        message: `That is more than ${IN_A_FILE} patients. Ask for a shorter time.`,
      });
    return reply
      .type('text/csv; charset=utf-8; header=present')
      .header(
        'content-disposition',
        `attachment; filename="who-read-what-${asked.from.toISOString().slice(0, 10)}.csv"`,
      )
      .header('x-content-type-options', 'nosniff')
      .send(csvOf(patients));
  });

  async function choices({ job, session }: AtDesk) {
    const apps = await choosableApps(db, seenFrom(session));
    const zone = (await findSettings(db, job.practiceId))?.timeZone ?? DEFAULT_TIME_ZONE;
    return { zone, apps, ids: new Set(apps.map(({ clientId }) => clientId)) };
  }

  /** Before the answer leaves, whatever it is: who asked about which app, and when; never whom it named. */
  const record = (
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

/** What the form begins with. */
function lastWeek({ clock }: OfficeDeps, zone: string): Pick<DisclosuresPage, 'fields' | 'faults' | 'found'> {
  const now = clock.now();
  const fields = { app: '', from: localTimeOf(later(now, -days(7)), zone), to: localTimeOf(now, zone) };
  return { fields, faults: [], found: undefined };
}
