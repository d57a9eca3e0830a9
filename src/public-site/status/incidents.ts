import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { StatusComponent } from './component.ts';

export interface IncidentUpdate {
  readonly at: Date;
  readonly text: string;
}

/** An announcement by an administrator: an incident or planned maintenance. */
export interface Incident {
  readonly incidentId: string;
  readonly kind: 'incident' | 'maintenance';
  readonly title: string;
  readonly components: readonly StatusComponent[];
  readonly beganAt: Date;
  readonly plannedUntil: Date | undefined;
  readonly endedAt: Date | undefined;
  /** Updates of the incident, newest first. */
  readonly posts: readonly IncidentUpdate[];
}

const COLUMNS = {
  incident_id: 'uuid',
  kind: 'text',
  title: 'text',
  components: '_text',
  began_at: 'timestamptz',
  planned_until: 'timestamptz?',
  ended_at: 'timestamptz?',
  posts: 'jsonb',
} as const;
const NAMES = Object.keys(COLUMNS).join(', ');

/**
 * Lists the incidents that began or ended since a time. An incident that has not ended is listed
 * however long ago it began.
 */
const list = statement(
  'portal.incident.list',
  COLUMNS,
  `select ${NAMES} from status_incident where began_at >= $1 or ended_at >= $1 or ended_at is null
   order by began_at desc, incident_id`,
);
const insert = statement(
  'portal.incident.insert',
  {},
  `insert into status_incident (incident_id, kind, title, components, began_at, planned_until, posts)
   values ($1, $2, $3, $4, $5, $6, $7)`,
);
/**
 * Adds an update to an incident. One statement does this, so that concurrent updates are not lost.
 * An ended incident gets no more updates.
 */
const add = statement(
  'portal.incident.add',
  COLUMNS,
  `update status_incident set posts = $2::jsonb || posts, ended_at = $3
   where incident_id = $1 and ended_at is null returning ${NAMES}`,
);
const find = statement('portal.incident.find', COLUMNS, `select ${NAMES} from status_incident where incident_id = $1`);
const remove = statement(
  'portal.incident.remove',
  { incident_id: 'uuid' },
  'delete from status_incident where incident_id = $1 returning incident_id',
);

/**
 * Returns the incidents and maintenance that began or ended since a time or have not ended, latest
 * beginning first. Planned ones, which begin in the future, are included.
 */
export async function listIncidents(db: Executor, since: Date): Promise<readonly Incident[]> {
  return (await db.query(list, [since])).map(toIncident);
}

/** Returns an incident or maintenance by id; undefined if there is none. */
export async function findIncident(db: Executor, incidentId: string): Promise<Incident | undefined> {
  return (await db.query(find, [incidentId])).map(toIncident)[0];
}

/**
 * Stores a new incident or maintenance with its first updates. Ignores `endedAt`, because only
 * `addIncidentUpdate` ends an incident. Throws the database error if the id already exists.
 */
export async function addIncident(tx: Executor, incident: Incident): Promise<void> {
  const { incidentId, kind, title, components, beganAt, plannedUntil, posts } = incident;
  const texts = JSON.stringify(posts.map(toStoredUpdate));
  await tx.query(insert, [incidentId, kind, title, components, beganAt, plannedUntil ?? null, texts]);
}

/**
 * Adds an update to an incident. The update may also end the incident.
 * @returns the incident with the update; undefined if it doesn't exist or has ended
 */
export async function addIncidentUpdate(
  tx: Executor,
  incidentId: string,
  post: IncidentUpdate,
  hasEnded: boolean,
): Promise<Incident | undefined> {
  const values = [incidentId, JSON.stringify([toStoredUpdate(post)]), hasEnded ? post.at : null];
  return (await tx.query(add, values)).map(toIncident)[0];
}

/**
 * Deletes an incident or maintenance with all its updates.
 * @returns false if it doesn't exist
 */
export async function removeIncident(tx: Executor, incidentId: string): Promise<boolean> {
  return (await tx.query(remove, [incidentId])).length > 0;
}

const toStoredUpdate = ({ at, text }: IncidentUpdate) => ({ at: at.toISOString(), text });

const toIncident = (row: RowOf<typeof COLUMNS>): Incident => ({
  incidentId: row.incident_id,
  kind: row.kind as Incident['kind'],
  title: row.title,
  components: row.components as StatusComponent[],
  beganAt: row.began_at,
  plannedUntil: row.planned_until ?? undefined,
  endedAt: row.ended_at ?? undefined,
  posts: (row.posts as { at: string; text: string }[]).map(({ at, text }) => ({ at: new Date(at), text })),
});

export type IncidentStatus = 'planned' | 'open' | 'over';

/**
 * Returns whether an incident or maintenance is planned, open or over now. Maintenance is over when
 * an administrator ends it or at its planned end, whichever comes first.
 */
export function incidentStatus({ kind, beganAt, endedAt, plannedUntil }: Incident, now: Date): IncidentStatus {
  if (endedAt !== undefined && endedAt <= now) return 'over';
  if (kind === 'maintenance' && plannedUntil !== undefined && plannedUntil < now) return 'over';
  return beganAt > now ? 'planned' : 'open';
}
