import { type Database, type Executor, statement } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';
import { markDirectoryCurrent } from '../../../practices/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import type { Projection } from '../../model/projection.ts';
import { FIRST_KEY, type ResourceKey } from '../../model/resource-key.ts';
import { ROWS_AT_ONCE } from '../rows-at-once.ts';
import { writeDirectoryProjections } from './directory-projections.ts';
import { lockPractice, lockPracticeOf, lockRecord } from './locks.ts';
import { raiseRecordVersion } from './record-version.ts';
import { markRecordCurrent, type StoreUpgrade, type UpgradeProgress, upgradeAll } from './upgrade.ts';
import { writeProjections } from './write-projections.ts';

/**
 * Creates the statements that find outdated conversions for one of the two resource tables: `resource` for patient
 * records, `shared_resource` for directories.
 */
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

type StaleRows = readonly { readonly content: string }[];

/** Functions that lock a directory, convert resources of it, and mark it as up to date. */
const DIRECTORIES = {
  ...statementsOn('shared_resource', 'practice_id', 'shared_projection'),
  async lock(tx: Executor, home: number) {
    await lockPractice(tx, home as PracticeId);
  },
  async make(tx: Executor, home: number, rows: StaleRows, projection: Projection) {
    const resources = rows.map(({ content }) => parseJson(content) as Resource);
    await writeDirectoryProjections(tx, home as PracticeId, resources, [projection], projection.dependencies);
  },
  mark: (tx: Executor, home: number, version: number) => markDirectoryCurrent(tx, 'converted_by', home, version),
};
const RECORDS = {
  ...statementsOn('resource', 'record_id', 'projection'),
  // Conversions of a patient record depend on the directory of its practice, so the practice is locked as well. Its
  // directory then can't change until the record is converted.
  async lock(tx: Executor, home: number) {
    await lockPracticeOf(tx, home as RecordId);
    await lockRecord(tx, home as RecordId);
  },
  async make(tx: Executor, home: number, rows: StaleRows, projection: Projection) {
    const stored = rows.map(({ content }) => ({ resource: parseJson(content) as Resource, text: content }));
    await writeProjections(tx, home as RecordId, stored, [projection]);
    await raiseRecordVersion(tx, home);
  },
  mark: (tx: Executor, home: number, version: number) => markRecordCurrent(tx, 'converted_by', home, version),
};
type ProjectionTarget = typeof RECORDS | typeof DIRECTORIES;

/**
 * Returns the highest version number among all converters. Conversions by a lower version are outdated, so a converter
 * that changes needs a number above all others.
 */
export const converterVersion = (projections: readonly Projection[]): number =>
  Math.max(0, ...projections.map(({ converterVersion: maker }) => maker));

/**
 * Upgrade of the conversions to other FHIR versions: converts resources again if the result is missing or was made by
 * an earlier converter version.
 */
export const conversionUpgrade = (projections: readonly Projection[]): StoreUpgrade => ({
  of: 'converted_by',
  version: converterVersion(projections),
  record: (db, recordId) => convertCompartment(db, RECORDS, recordId, projections),
  directory: (db, practiceId) => convertCompartment(db, DIRECTORIES, practiceId, projections),
});

export interface ProjectionRefreshOptions extends UpgradeProgress {
  readonly projections: readonly Projection[];
}

/**
 * Converts all resources again whose stored conversions are missing or outdated.
 * @returns the number of conversions
 */
export const refreshProjections = (
  db: Database,
  { projections, ...progress }: ProjectionRefreshOptions,
): Promise<number> => upgradeAll(db, conversionUpgrade(projections), progress);

/**
 * Progress of the conversion of one patient record or directory: the position of the current projection (stored
 * conversion) in the list of all, and the last converted resource.
 */
interface ConversionProgress {
  readonly projection: number;
  readonly after: ResourceKey;
  readonly made: number;
}

async function convertCompartment(
  db: Database,
  target: ProjectionTarget,
  home: number,
  projections: readonly Projection[],
): Promise<number> {
  let reached: ConversionProgress = { projection: 0, after: FIRST_KEY, made: 0 };
  while (reached.projection < projections.length) {
    const from = reached;
    reached = await db.transaction((tx) => convertChunk(tx, target, home, projections, from));
  }
  return reached.made;
}

/**
 * Converts a limited number of outdated resources of one patient record or directory. When nothing is outdated anymore,
 * the record or directory is marked as up to date. The lock is held from the check to the mark, so nothing can become
 * outdated in between.
 */
async function convertChunk(
  tx: Executor,
  target: ProjectionTarget,
  home: number,
  projections: readonly Projection[],
  { projection: first, after: start, made: before }: ConversionProgress,
): Promise<ConversionProgress> {
  await target.lock(tx, home);
  let [after, made] = [start, before];
  for (const [at, projection] of projections.entries()) {
    if (at < first) continue;
    const { name, types, converterVersion: maker } = projection;
    const stale = await tx.query(target.stale, [name, types, maker, home, after.type, after.id, ROWS_AT_ONCE]);
    if (stale.length > 0) await target.make(tx, home, stale, projection);
    made += stale.length;
    const last = stale.at(-1);
    if (stale.length === ROWS_AT_ONCE && last !== undefined) return { projection: at, after: last, made };
    after = FIRST_KEY;
  }
  await target.mark(tx, home, converterVersion(projections));
  return { projection: projections.length, after: FIRST_KEY, made };
}
