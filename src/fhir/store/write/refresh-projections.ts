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
import { isRecordOutdated, markRecordCurrent, type StoreUpgrade, type UpgradeProgress, upgradeAll } from './upgrade.ts';
import { convertAgain, converterVersion } from './write-projections.ts';

const outdatedInRecord = statement(
  'fhir.outdated-conversions',
  { type: 'text', id: 'uuid', content: 'text' },
  `select type, id, content from resource
   where record_id = $1 and type = any($2::text[]) and (converted_with is null or converted_with < $3)
     and (type, id) > ($4, $5) order by type, id limit $6`,
);
/** Deletes the conversions of a patient record that an earlier release has stored. */
const deleteEarlier = statement('fhir.drop-earlier-conversions', {}, 'delete from projection where record_id = $1');
const outdatedInDirectory = statement(
  'fhir.outdated-directory-conversions',
  { type: 'text', id: 'uuid', content: 'text' },
  `select r.type, r.id, r.content from shared_resource r left join shared_projection p
     on p.practice_id = r.practice_id and p.name = $1 and p.type = r.type and p.id = r.id
   where r.type = any($2::text[]) and (p.maker is null or p.maker < $3) and r.practice_id = $4
     and (r.type, r.id) > ($5, $6) order by r.type, r.id limit $7`,
);

/**
 * Upgrade of the conversions to other FHIR versions: converts resources again if the result is missing or was made by
 * an earlier converter version.
 */
export const conversionUpgrade = (projections: readonly Projection[]): StoreUpgrade => ({
  of: 'conversion_version',
  version: converterVersion(projections),
  record: (db, recordId) => convertRecord(db, recordId, projections),
  directory: (db, practiceId) => convertDirectory(db, practiceId, projections),
});

/** Converts the resources of a patient record again if their conversions are missing or outdated. */
export async function ensureConverted(
  db: Database,
  recordId: RecordId,
  projections: readonly Projection[],
): Promise<void> {
  const upgrade = conversionUpgrade(projections);
  if (await isRecordOutdated(db, upgrade, recordId)) await upgrade.record(db, recordId);
}

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

async function convertRecord(db: Database, recordId: RecordId, projections: readonly Projection[]): Promise<number> {
  let [made, after]: [number, ResourceKey | undefined] = [0, FIRST_KEY];
  while (after !== undefined) {
    const from: ResourceKey = after;
    const rows: readonly ResourceKey[] = await db.transaction((tx) => convertChunk(tx, recordId, projections, from));
    made += rows.length;
    after = rows.length < ROWS_AT_ONCE ? undefined : rows.at(-1);
  }
  return made;
}

/**
 * Converts a limited number of outdated resources of one patient record. When nothing is outdated anymore, the record is
 * marked as up to date. The locks are held from the check to the mark, so nothing can become outdated in between. The
 * practice is locked for shared use: conversions depend on its directory, which then can't change meanwhile.
 * @returns keys of the converted resources
 */
async function convertChunk(
  tx: Executor,
  recordId: RecordId,
  projections: readonly Projection[],
  after: ResourceKey,
): Promise<readonly ResourceKey[]> {
  await lockPracticeOf(tx, recordId);
  await lockRecord(tx, recordId);
  const types = [...new Set(projections.flatMap((one) => one.types))];
  const version = converterVersion(projections);
  const outdated = await tx.query(outdatedInRecord, [recordId, types, version, after.type, after.id, ROWS_AT_ONCE]);
  if (outdated.length > 0) {
    const stored = outdated.map(({ content }) => ({ resource: parseJson(content) as Resource, text: content }));
    await convertAgain(tx, recordId, stored, projections);
    await raiseRecordVersion(tx, recordId);
  }
  if (outdated.length < ROWS_AT_ONCE) {
    await tx.query(deleteEarlier, [recordId]);
    await markRecordCurrent(tx, 'conversion_version', recordId, version);
  }
  return outdated;
}

/** Progress in a directory: the position of the current projection in the list of all, and the last converted resource. */
interface DirectoryProgress {
  readonly projection: number;
  readonly after: ResourceKey;
  readonly made: number;
}

async function convertDirectory(
  db: Database,
  practiceId: PracticeId,
  projections: readonly Projection[],
): Promise<number> {
  let reached: DirectoryProgress = { projection: 0, after: FIRST_KEY, made: 0 };
  while (reached.projection < projections.length) {
    const from = reached;
    reached = await db.transaction((tx) => convertDirectoryChunk(tx, practiceId, projections, from));
  }
  return reached.made;
}

/** Converts a limited number of outdated resources of a directory, as `convertChunk` does for a patient record. */
async function convertDirectoryChunk(
  tx: Executor,
  practiceId: PracticeId,
  projections: readonly Projection[],
  { projection: first, after: start, made: before }: DirectoryProgress,
): Promise<DirectoryProgress> {
  await lockPractice(tx, practiceId);
  let [after, made] = [start, before];
  for (const [at, projection] of projections.entries()) {
    if (at < first) continue;
    const { name, types, converterVersion: maker } = projection;
    const parameters = [name, types, maker, practiceId, after.type, after.id, ROWS_AT_ONCE];
    const outdated = await tx.query(outdatedInDirectory, parameters);
    if (outdated.length > 0) {
      const resources = outdated.map(({ content }) => parseJson(content) as Resource);
      await writeDirectoryProjections(tx, practiceId, resources, [projection], projection.dependencies);
    }
    made += outdated.length;
    const last = outdated.at(-1);
    if (outdated.length === ROWS_AT_ONCE && last !== undefined) return { projection: at, after: last, made };
    after = FIRST_KEY;
  }
  await markDirectoryCurrent(tx, 'conversion_version', practiceId, converterVersion(projections));
  return { projection: projections.length, after: FIRST_KEY, made };
}
