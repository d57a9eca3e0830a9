import { days, later, Problem } from '../../../kernel/index.ts';
import type { Api } from '../../api/app.ts';
import { REFUSALS } from '../../contract/answers.ts';
import { IncidentAnswer, IncidentParams, IncidentsAnswer, NewIncident, NewPost } from '../../contract/public.ts';
import type { PortalDeps } from '../../deps.ts';
import { incidentAnswer } from './answers.ts';
import { addIncident, addPost, findIncident, type Incident, listIncidents, removeIncident } from './incidents.ts';

const tags = ['status'];
/** Period listed for administrators: a year. */
const LISTED = days(365);

/** Adds the routes with which administrators announce incidents and maintenance. */
export function incidentRoutes(api: Api, deps: PortalDeps): void {
  const { db, clock, random, guard } = deps;

  const list = { tags, summary: 'Incidents and maintenance', response: { 200: IncidentsAnswer, ...REFUSALS } };
  api.get('/review/incidents', { schema: list }, async (request) => {
    await guard.reviewer(request);
    const now = clock.now();
    return { incidents: (await listIncidents(db, later(now, -LISTED))).map((one) => incidentAnswer(one, now)) };
  });

  const make = { tags, summary: 'Tell of an incident, or plan maintenance', body: NewIncident };
  api.post(
    '/review/incidents',
    { schema: { ...make, response: { 200: IncidentAnswer, ...REFUSALS } } },
    async (request) => {
      const { accountId } = await guard.reviewer(request);
      const now = clock.now();
      const incident = incidentOf(request.body, random.uuid(), now);
      await db.transaction(async (tx) => {
        await addIncident(tx, incident);
        await record(tx, request.id, accountId, 'begin', incident.incidentId);
      });
      return incidentAnswer(incident, now);
    },
  );

  const post = { tags, summary: 'Say how it goes on, or that it is over', params: IncidentParams, body: NewPost };
  api.post(
    '/review/incidents/:incidentId/posts',
    { schema: { ...post, response: { 200: IncidentAnswer, ...REFUSALS } } },
    async (request) => {
      const { accountId } = await guard.reviewer(request);
      const { incidentId } = request.params;
      const { over } = request.body;
      const now = clock.now();
      const text = written(request.body.text, 'text');
      const changed = await db.transaction(async (tx) => {
        const found = await addPost(tx, incidentId, { at: now, text }, over);
        if (found !== undefined) await record(tx, request.id, accountId, over ? 'end' : 'post', incidentId);
        return found;
      });
      if (changed !== undefined) return incidentAnswer(changed, now);
      if ((await findIncident(db, incidentId)) === undefined) throw notFound();
      throw new Problem('conflict', { status: 409, message: 'It is over already. Tell of a new one.' });
    },
  );

  const remove = { tags, summary: 'Take away what was written by mistake', params: IncidentParams };
  api.delete(
    '/review/incidents/:incidentId',
    { schema: { ...remove, response: { 200: IncidentsAnswer, ...REFUSALS } } },
    async (request) => {
      const { accountId } = await guard.reviewer(request);
      const { incidentId } = request.params;
      const gone = await db.transaction(async (tx) => {
        if (!(await removeIncident(tx, incidentId))) return false;
        await record(tx, request.id, accountId, 'remove', incidentId);
        return true;
      });
      if (!gone) throw notFound();
      const now = clock.now();
      return { incidents: (await listIncidents(db, later(now, -LISTED))).map((one) => incidentAnswer(one, now)) };
    },
  );

  const record = (
    tx: Parameters<typeof deps.audit.recordWithin>[0],
    requestId: string,
    accountId: Awaited<ReturnType<typeof guard.reviewer>>['accountId'],
    action: string,
    incident: string,
  ): Promise<void> =>
    deps.audit.recordWithin(tx, {
      kind: 'status',
      outcome: 'success',
      requestId,
      accountId,
      detail: { action, incident },
    });
}

const notFound = (): Problem => new Problem('not-found', { status: 404, message: 'There is no such incident.' });

function incidentOf(given: NewIncident, incidentId: string, now: Date): Incident {
  const beganAt = given.beganAt === undefined ? now : new Date(given.beganAt);
  const plannedUntil = given.plannedUntil === undefined ? undefined : new Date(given.plannedUntil);
  if (given.kind === 'incident' && beganAt > now)
    throw wrong('beganAt', 'An incident can’t begin later than now. Plan maintenance instead.');
  if (given.kind === 'maintenance' && plannedUntil === undefined)
    throw wrong('plannedUntil', 'Say when the maintenance is to be over.');
  if (plannedUntil !== undefined && plannedUntil <= beganAt)
    throw wrong('plannedUntil', 'It must end after it begins.');
  return {
    incidentId,
    kind: given.kind,
    title: written(given.title.replaceAll(/\s+/g, ' '), 'title'),
    components: [...new Set(given.components)],
    beganAt,
    plannedUntil: given.kind === 'maintenance' ? plannedUntil : undefined,
    endedAt: undefined,
    posts: [{ at: now, text: written(given.text, 'text') }],
  };
}

/** Normalizes text for storage. PostgreSQL can't store U+0000. */
function written(text: string, field: string): string {
  const clean = text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/(?!\n)\p{Cc}|\p{Bidi_Control}/gu, '')
    .trim();
  if (clean === '') throw wrong(field, 'Write something here.');
  return clean;
}

const wrong = (field: string, message: string): Problem =>
  new Problem('fields-invalid', { status: 400, message, faults: [{ field, message }] });
