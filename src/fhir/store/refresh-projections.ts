import { type Database, type Executor, statement } from '../../database/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';
import { parseJson } from '../core/json.ts';
import type { Projection } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { projectDirectory } from './directory-projections.ts';
import { lockPractice, lockPracticeOf, lockRecord } from './locks.ts';
import type { Key } from './neighbours.ts';
import { raiseVersion } from './record-version.ts';
import { markDirectory, markRecord, type Progress, type Upgrade, upgradeAll } from './upgrade.ts';
import { writeProjections } from './write-projections.ts';

/** The statements for one of the two resource tables. */
function statementsOn(table: string, key: string, projections: string) {
  const stale = `from ${table} r left join ${projections} p
    on p.${key} = r.${key} and p.name = $1 and p.type = r.type and p.id = r.id
    where r.type = any($2::text[]) and (p.maker is null or p.maker < $3)`;
  return {
    stale: statement(
      `fhir.stale-of-${projections}`,
      { type: 'text', id: 'uuid', content: 'text' },
      `select r.type, r.id, r.content ${stale} and r.${key} = $4 and (r.type, r.id) > ($5, $6)
       order by r.type, r.id limit $7`,
    ),
  };
}

type Stale = readonly { readonly content: string }[];

/** How to lock a directory or record and write the projections of its outdated rows. */
const DIRECTORIES = {
  ...statementsOn('shared_resource', 'practice_id', 'shared_projection'),
  async lock(tx: Executor, home: number) {
    await lockPractice(tx, home as PracticeId);
  },
  async make(tx: Executor, home: number, rows: Stale, projection: Projection) {
    const resources = rows.map(({ content }) => parseJson(content) as Resource);
    await projectDirectory(tx, home as PracticeId, resources, [projection], projection.neighbours);
  },
  mark: (tx: Executor, home: number, version: number) => markDirectory(tx, 'converted_by', home, version),
};
const RECORDS = {
  ...statementsOn('resource', 'record_id', 'projection'),
  // A record's projections include data of its practice's directory, so the directory must not change meanwhile.
  async lock(tx: Executor, home: number) {
    await lockPracticeOf(tx, home as RecordId);
    await lockRecord(tx, home as RecordId);
  },
  async make(tx: Executor, home: number, rows: Stale, projection: Projection) {
    const stored = rows.map(({ content }) => ({ resource: parseJson(content) as Resource, text: content }));
    await writeProjections(tx, home as RecordId, stored, [projection]);
    await raiseVersion(tx, home);
  },
  mark: (tx: Executor, home: number, version: number) => markRecord(tx, 'converted_by', home, version),
};
type Place = typeof RECORDS | typeof DIRECTORIES;
const CHUNK = 200;

/**
 * The highest converter version. Every change of a projection must raise the highest converter version of all
 * projections.
 */
export const versionOf = (projections: readonly Projection[]): number =>
  Math.max(0, ...projections.map(({ maker }) => maker));

/** Writes projections that are missing or were made by an older converter version. */
export const conversionUpgrade = (projections: readonly Projection[]): Upgrade => ({
  of: 'converted_by',
  version: versionOf(projections),
  record: (db, recordId) => convertHome(db, RECORDS, recordId, projections),
  directory: (db, practiceId) => convertHome(db, DIRECTORIES, practiceId, projections),
});

export interface Refresh extends Progress {
  readonly projections: readonly Projection[];
}

/**
 * Writes all outdated projections again.
 * @returns the number of projections
 */
export const refreshProjections = (db: Database, { projections, ...progress }: Refresh): Promise<number> =>
  upgradeAll(db, conversionUpgrade(projections), progress);

const FIRST: Key = { type: '', id: '00000000-0000-0000-0000-000000000000' };

/** Progress within a compartment: the current projection and the last row done. */
interface Reached {
  readonly projection: number;
  readonly after: Key;
  readonly made: number;
}

async function convertHome(
  db: Database,
  place: Place,
  home: number,
  projections: readonly Projection[],
): Promise<number> {
  let reached: Reached = { projection: 0, after: FIRST, made: 0 };
  while (reached.projection < projections.length) {
    const from = reached;
    reached = await db.transaction((tx) => convertSome(tx, place, home, projections, from));
  }
  return reached.made;
}

/**
 * Converts up to one chunk of one projection. The compartment is marked as current once all projections are done, under
 * the same lock that found nothing outdated.
 */
async function convertSome(
  tx: Executor,
  place: Place,
  home: number,
  projections: readonly Projection[],
  { projection: first, after: start, made: before }: Reached,
): Promise<Reached> {
  await place.lock(tx, home);
  let [after, made] = [start, before];
  for (const [at, projection] of projections.entries()) {
    if (at < first) continue;
    const { name, types, maker } = projection;
    const stale = await tx.query(place.stale, [name, types, maker, home, after.type, after.id, CHUNK]);
    if (stale.length > 0) await place.make(tx, home, stale, projection);
    made += stale.length;
    const last = stale.at(-1);
    if (stale.length === CHUNK && last !== undefined) return { projection: at, after: last, made };
    after = FIRST;
  }
  await place.mark(tx, home, versionOf(projections));
  return { projection: projections.length, after: FIRST, made };
}
