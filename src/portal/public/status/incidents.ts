import { type Executor, type RowOf, statement } from '../../../database/index.ts';
import type { Component } from './component.ts';

export interface Post {
  readonly at: Date;
  readonly text: string;
}

/** What an administrator tells everybody: something that went wrong, or maintenance that is planned. */
export interface Incident {
  readonly incidentId: string;
  readonly kind: 'incident' | 'maintenance';
  readonly title: string;
  readonly components: readonly Component[];
  readonly beganAt: Date;
  readonly plannedUntil: Date | undefined;
  readonly endedAt: Date | undefined;
  /** The newest first. */
  readonly posts: readonly Post[];
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

/** What is not over is listed however long ago it began. */
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
/** In front, whoever else writes at the same moment; nothing is added to what is over. */
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

export async function listIncidents(db: Executor, since: Date): Promise<readonly Incident[]> {
  return (await db.query(list, [since])).map(incidentOf);
}

export async function findIncident(db: Executor, incidentId: string): Promise<Incident | undefined> {
  return (await db.query(find, [incidentId])).map(incidentOf)[0];
}

export async function addIncident(tx: Executor, incident: Incident): Promise<void> {
  const { incidentId, kind, title, components, beganAt, plannedUntil, posts } = incident;
  const texts = JSON.stringify(posts.map(keptPost));
  await tx.query(insert, [incidentId, kind, title, components, beganAt, plannedUntil ?? null, texts]);
}

/** @returns the incident with it; undefined: there is none, or it is over */
export async function addPost(
  tx: Executor,
  incidentId: string,
  post: Post,
  over: boolean,
): Promise<Incident | undefined> {
  const values = [incidentId, JSON.stringify([keptPost(post)]), over ? post.at : null];
  return (await tx.query(add, values)).map(incidentOf)[0];
}

export async function removeIncident(tx: Executor, incidentId: string): Promise<boolean> {
  return (await tx.query(remove, [incidentId])).length > 0;
}

const keptPost = ({ at, text }: Post) => ({ at: at.toISOString(), text });

const incidentOf = (row: RowOf<typeof COLUMNS>): Incident => ({
  incidentId: row.incident_id,
  kind: row.kind as Incident['kind'],
  title: row.title,
  components: row.components as Component[],
  beganAt: row.began_at,
  plannedUntil: row.planned_until ?? undefined,
  endedAt: row.ended_at ?? undefined,
  posts: (row.posts as { at: string; text: string }[]).map(({ at, text }) => ({ at: new Date(at), text })),
});

export type Standing = 'planned' | 'open' | 'over';

/** Maintenance is over when it was said, or when it was to be. */
export function standingOf({ kind, beganAt, endedAt, plannedUntil }: Incident, now: Date): Standing {
  if (endedAt !== undefined && endedAt <= now) return 'over';
  if (kind === 'maintenance' && plannedUntil !== undefined && plannedUntil < now) return 'over';
  return beganAt > now ? 'planned' : 'open';
}
