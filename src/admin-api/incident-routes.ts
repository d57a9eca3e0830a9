import { conflictProblem, days, invalidField, later, notFoundProblem, type Problem } from '../kernel/index.ts';
import {
  ERROR_RESPONSES,
  IncidentParams,
  IncidentResponse,
  IncidentsResponse,
  IncidentUpdateRequest,
  NewIncidentRequest,
  type PortalApi,
  type PortalContext,
} from '../portal-api/index.ts';
import {
  addIncident,
  addIncidentUpdate,
  findIncident,
  type Incident,
  listIncidents,
  removeIncident,
  toIncidentResponse,
} from '../public-site/index.ts';

const tags = ['status'];
/** Milliseconds after which an ended incident is no longer listed for administrators: a year. */
const LISTED_PERIOD = days(365);

/** Adds the routes with which administrators announce incidents and maintenance. */
export function incidentRoutes(api: PortalApi, deps: PortalContext): void {
  const { db, clock, random, guard } = deps;

  const list = {
    tags,
    summary: 'List incidents and maintenance',
    response: { 200: IncidentsResponse, ...ERROR_RESPONSES },
  };
  api.get('/review/incidents', { schema: list }, async (request) => {
    await guard.reviewer(request);
    const now = clock.now();
    return {
      incidents: (await listIncidents(db, later(now, -LISTED_PERIOD))).map((one) => toIncidentResponse(one, now)),
    };
  });

  const make = { tags, summary: 'Report an incident or plan maintenance', body: NewIncidentRequest };
  api.post(
    '/review/incidents',
    { schema: { ...make, response: { 200: IncidentResponse, ...ERROR_RESPONSES } } },
    async (request) => {
      const { accountId } = await guard.reviewer(request);
      const now = clock.now();
      const incident = parseNewIncident(request.body, random.uuid(), now);
      await db.transaction(async (tx) => {
        await addIncident(tx, incident);
        await record(tx, request.id, accountId, 'begin', incident.incidentId);
      });
      return toIncidentResponse(incident, now);
    },
  );

  const post = {
    tags,
    summary: 'Post an update, or close the entry',
    params: IncidentParams,
    body: IncidentUpdateRequest,
  };
  api.post(
    '/review/incidents/:incidentId/posts',
    { schema: { ...post, response: { 200: IncidentResponse, ...ERROR_RESPONSES } } },
    async (request) => {
      const { accountId } = await guard.reviewer(request);
      const { incidentId } = request.params;
      const { over } = request.body;
      const now = clock.now();
      const text = requireText(request.body.text, 'text');
      const changed = await db.transaction(async (tx) => {
        const found = await addIncidentUpdate(tx, incidentId, { at: now, text }, over);
        if (found !== undefined) await record(tx, request.id, accountId, over ? 'end' : 'post', incidentId);
        return found;
      });
      if (changed !== undefined) return toIncidentResponse(changed, now);
      if ((await findIncident(db, incidentId)) === undefined) throw notFound();
      throw conflictProblem('This entry is already closed. Report a new incident.');
    },
  );

  const remove = { tags, summary: 'Remove an entry posted by mistake', params: IncidentParams };
  api.delete(
    '/review/incidents/:incidentId',
    { schema: { ...remove, response: { 200: IncidentsResponse, ...ERROR_RESPONSES } } },
    async (request) => {
      const { accountId } = await guard.reviewer(request);
      const { incidentId } = request.params;
      const isRemoved = await db.transaction(async (tx) => {
        if (!(await removeIncident(tx, incidentId))) return false;
        await record(tx, request.id, accountId, 'remove', incidentId);
        return true;
      });
      if (!isRemoved) throw notFound();
      const now = clock.now();
      return {
        incidents: (await listIncidents(db, later(now, -LISTED_PERIOD))).map((one) => toIncidentResponse(one, now)),
      };
    },
  );

  const record = (
    tx: Parameters<typeof deps.audit.appendInTransaction>[0],
    requestId: string,
    accountId: Awaited<ReturnType<typeof guard.reviewer>>['accountId'],
    action: string,
    incident: string,
  ): Promise<void> =>
    deps.audit.appendInTransaction(tx, {
      kind: 'status',
      outcome: 'success',
      requestId,
      accountId,
      detail: { action, incident },
    });
}

const notFound = (): Problem => notFoundProblem('Unknown incident.');

function parseNewIncident(given: NewIncidentRequest, incidentId: string, now: Date): Incident {
  const beganAt = given.beganAt === undefined ? now : new Date(given.beganAt);
  const plannedUntil = given.plannedUntil === undefined ? undefined : new Date(given.plannedUntil);
  if (given.kind === 'incident' && beganAt > now)
    throw invalidField('beganAt', 'An incident can’t start in the future. Plan maintenance instead.');
  if (given.kind === 'maintenance' && plannedUntil === undefined)
    throw invalidField('plannedUntil', 'Enter the expected end of the maintenance.');
  if (plannedUntil !== undefined && plannedUntil <= beganAt)
    throw invalidField('plannedUntil', 'The end must be after the start.');
  return {
    incidentId,
    kind: given.kind,
    title: requireText(given.title.replaceAll(/\s+/g, ' '), 'title'),
    components: [...new Set(given.components)],
    beganAt,
    plannedUntil: given.kind === 'maintenance' ? plannedUntil : undefined,
    endedAt: undefined,
    posts: [{ at: now, text: requireText(given.text, 'text') }],
  };
}

/**
 * Normalizes text that an administrator entered, without control characters: PostgreSQL can't store
 * U+0000. Throws `fields-invalid` if nothing is left.
 */
function requireText(text: string, field: string): string {
  const clean = text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/(?!\n)\p{Cc}|\p{Bidi_Control}/gu, '')
    .trim();
  if (clean === '') throw invalidField(field, 'Enter a text.');
  return clean;
}
