import { type Executor, statement } from '../../database/index.ts';

/** Time (ISO 8601 with microseconds) and id of an event. */
export interface EventReference {
  readonly at: string;
  readonly id: string;
}

const present = statement(
  'audit.lost.present',
  { id: 'uuid' },
  `select e.id from json_to_recordset($1) as x(at timestamptz, id uuid)
   join audit_event e on e.at = x.at and e.id = x.id`,
);
const PAGE = 1000;

/** Returns the events that the database doesn't have. */
export async function listMissing<Event extends EventReference>(
  db: Executor,
  events: readonly Event[],
): Promise<readonly Event[]> {
  const missing: Event[] = [];
  for (let start = 0; start < events.length; start += PAGE) {
    const some = events.slice(start, start + PAGE);
    const references = some.map(({ at, id }) => ({ at, id }));
    const found = new Set((await db.query(present, [JSON.stringify(references)])).map(({ id }) => id));
    missing.push(...some.filter(({ id }) => !found.has(id)));
  }
  return missing;
}
