import { type Database, type Executor, statement } from '../../database/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';
import { parseJson } from '../core/json.ts';
import type { Projection } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { projectDirectory } from './directory-projections.ts';
import { lockPractice, lockPracticeOf, lockRecord } from './locks.ts';
import type { Key } from './neighbours.ts';
import { raiseVersion } from './record-version.ts';
import { writeProjections } from './write-projections.ts';

/** The statements on one of the two tables that hold resources. */
function statementsOn(table: string, key: string, projections: string) {
  const stale = `from ${table} r left join ${projections} p
    on p.${key} = r.${key} and p.name = $1 and p.type = r.type and p.id = r.id
    where r.type = any($2::text[]) and (p.maker is null or p.maker < $3)`;
  return {
    homes: statement(
      `fhir.stale-homes-in-${projections}`,
      { home: 'int8', stale: 'int8' },
      `select r.${key}::int8 as home, count(*) as stale ${stale} group by r.${key}`,
    ),
    stale: statement(
      `fhir.stale-of-${projections}`,
      { type: 'text', id: 'uuid', content: 'text' },
      `select r.type, r.id, r.content ${stale} and r.${key} = $4 and (r.type, r.id) > ($5, $6)
       order by r.type, r.id limit $7`,
    ),
  };
}

type Stale = readonly { readonly content: string }[];

/** Where rows are: how a home is locked, and what is made there of those that are stale. */
const PLACES = [
  {
    ...statementsOn('shared_resource', 'practice_id', 'shared_projection'),
    async lock(tx: Executor, home: number) {
      await lockPractice(tx, home as PracticeId);
    },
    async make(tx: Executor, home: number, rows: Stale, projection: Projection) {
      const resources = rows.map(({ content }) => parseJson(content) as Resource);
      await projectDirectory(tx, home as PracticeId, resources, [projection], projection.neighbours);
    },
  },
  {
    ...statementsOn('resource', 'record_id', 'projection'),
    // A record shows what is in the directory of its practice, which must not change meanwhile.
    async lock(tx: Executor, home: number) {
      await lockPracticeOf(tx, home as RecordId);
      await lockRecord(tx, home as RecordId);
    },
    async make(tx: Executor, home: number, rows: Stale, projection: Projection) {
      const stored = rows.map(({ content }) => ({ resource: parseJson(content) as Resource, text: content }));
      await writeProjections(tx, home as RecordId, stored, [projection]);
      if (rows.length > 0) await raiseVersion(tx, home);
    },
  },
] as const;
type Place = (typeof PLACES)[number];
const CHUNK = 200;

export interface Refresh {
  readonly projections: readonly Projection[];
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Makes the projections that are missing or were made by an older maker: after an upgrade, at start. Record by record,
 * so that intake can go on beside it.
 * @returns how many were made
 */
export async function refreshProjections(db: Database, { projections, onProgress }: Refresh): Promise<number> {
  let made = 0;
  for (const place of PLACES) {
    for (const projection of projections) {
      const homes = await db.query(place.homes, [projection.name, projection.types, projection.maker]);
      const all = made + homes.reduce((sum, { stale }) => sum + stale, 0);
      for (const { home } of homes) {
        made += await refreshHome(db, place, home, projection);
        onProgress?.(made, all);
      }
    }
  }
  return made;
}

const FIRST: Key = { type: '', id: '00000000-0000-0000-0000-000000000000' };

async function refreshHome(db: Database, place: Place, home: number, projection: Projection): Promise<number> {
  let made = 0;
  let after: Key | undefined = FIRST;
  while (after !== undefined) {
    const from: Key = after;
    const rows: readonly Key[] = await db.transaction((tx) => refreshSome(tx, place, home, projection, from));
    made += rows.length;
    after = rows.at(-1);
  }
  return made;
}

async function refreshSome(
  tx: Executor,
  place: Place,
  home: number,
  projection: Projection,
  after: Key,
): Promise<readonly Key[]> {
  const { name, types, maker } = projection;
  await place.lock(tx, home);
  const stale = await tx.query(place.stale, [name, types, maker, home, after.type, after.id, CHUNK]);
  await place.make(tx, home, stale, projection);
  return stale;
}
