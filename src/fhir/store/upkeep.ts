import type { Grant } from '../../access/index.ts';
import { type Database, statement } from '../../database/index.ts';
import { type Clock, FRESH, type PracticeId, Problem, type RecordId, seconds } from '../../kernel/index.ts';
import type { Condition } from '../core/condition.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import type { EnforcedCondition } from '../core/link.ts';
import type { Projection } from '../core/projection.ts';
import { foundSince, PRACTICES_SINCE } from './index-table.ts';
import { INDEX_UPGRADE } from './refresh-index.ts';
import { conversionUpgrade } from './refresh-projections.ts';
import {
  isRecordBehind,
  type Progress,
  practicesBehind,
  type Standing,
  settlePractice,
  type Upgrade,
  upgradeAll,
} from './upgrade.ts';

/**
 * Keeps responses correct while records are still in the state an earlier release left them. A request for one record
 * first upgrades that record. A search that needs all records of a practice gets 503 until all of them are upgraded.
 */
export interface Upkeep {
  /**
   * Upgrades the data a grant refers to.
   * @param converted whether the request is for a FHIR version other than the stored one
   * @throws Problem 503 if records of the grant's practices still have to be converted
   */
  prepare(grant: Grant, converted: boolean): Promise<void>;
  /**
   * Checks that the index of whole practices has all values the queries use. Queries for named patients upgrade their
   * records first.
   * @throws Problem 503 if values are missing
   */
  requireIndex(queries: readonly EnforcedQuery[]): Promise<void>;
  /** Tells whether all record rows of the query's practices have their practice_id filled in. */
  knowsPractices(query: EnforcedQuery): Promise<boolean>;
  /** Upgrades everything; can be stopped at any time. */
  work(progress?: Progress): Promise<void>;
}

/** Milliseconds before a practice is checked again for outdated records. */
const SETTLE_AGAIN = seconds(5);

type Behind = ReadonlyMap<PracticeId, Standing>;

/**
 * Creates the on-demand upgrade of stored data.
 * @param projections all served projections: what one of them hides must be hidden before a record is shown
 */
export function openUpkeep(db: Database, clock: Clock, projections: readonly Projection[]): Upkeep {
  const conversion = conversionUpgrade(projections);
  const [index, converted] = [openStanding(db, clock, INDEX_UPGRADE), openStanding(db, clock, conversion)];
  return {
    async prepare({ record, practices }, isConverted) {
      for (const tracker of isConverted ? [index, converted] : [index]) {
        const behind = await tracker.behind();
        if (behind.size === 0) continue;
        const all = record === undefined ? practices : [...practices, record.practiceId];
        for (const practiceId of new Set(all)) await tracker.bringDirectory(behind, practiceId);
        if (record !== undefined) await tracker.bringRecord(behind, record.practiceId, record.recordId);
      }
      if (!isConverted || practices.length === 0) return;
      if (!(await converted.areAt(practices, conversion.version))) throw updating();
    },
    async requireIndex(queries) {
      for (const query of queries) {
        const { place, kept } = query;
        if (kept !== 'record' || place?.kind !== 'practices') continue;
        if (await index.areAt(place.practiceIds, neededBy(query))) continue;
        if (place.patientIds === undefined) throw updating();
        for (const { record_id } of await db.query(recordsOf, [place.practiceIds, place.patientIds]))
          await INDEX_UPGRADE.record(db, record_id as RecordId);
      }
    },
    knowsPractices: async ({ place }) =>
      place?.kind !== 'practices' || (await index.areAt(place.practiceIds, PRACTICES_SINCE)),
    async work(progress) {
      await upgradeAll(db, INDEX_UPGRADE, progress);
      await upgradeAll(db, conversion, progress);
    },
  };
}

const recordsOf = statement(
  'fhir.records-of-patients',
  { record_id: 'int8' },
  'select record_id from record where practice_id = any($1::int[]) and patient_id = any($2::uuid[])',
);

const updating = () =>
  new Problem('unavailable', {
    status: 503,
    message:
      'This server was upgraded and is still updating the records of this practice. Try again later, or ask for one patient at a time.',
    retryAfter: 60,
  });

/** Tracks which practices are outdated. Reads the database at most once a second. */
function openStanding(db: Database, clock: Clock, upgrade: Upgrade) {
  let known: { readonly at: number; readonly behind: Promise<Behind> } | undefined;
  const tried = new Map<PracticeId, number>();

  function behind(): Promise<Behind> {
    const now = clock.now().getTime();
    if (known === undefined || now - known.at >= FRESH || now < known.at) {
      const request = practicesBehind(db, upgrade);
      known = { at: now, behind: request };
      request.catch(() => {
        known = undefined;
      });
    }
    return known.behind;
  }

  async function isSettled(practiceId: PracticeId): Promise<boolean> {
    const now = clock.now().getTime();
    const last = tried.get(practiceId);
    if (last !== undefined && now >= last && now - last < SETTLE_AGAIN) return false;
    tried.set(practiceId, now);
    const settled = await settlePractice(db, upgrade, practiceId);
    if (settled) {
      tried.delete(practiceId);
      known = undefined;
    }
    return settled;
  }

  return {
    behind,
    async bringDirectory(outdated: Behind, practiceId: PracticeId) {
      if ((outdated.get(practiceId)?.directory ?? upgrade.version) >= upgrade.version) return;
      await upgrade.directory(db, practiceId);
      known = undefined;
    },
    async bringRecord(outdated: Behind, practiceId: PracticeId, recordId: RecordId) {
      if ((outdated.get(practiceId)?.records ?? upgrade.version) >= upgrade.version) return;
      if (await isRecordBehind(db, upgrade, recordId)) await upgrade.record(db, recordId);
    },
    /** Tells whether all records of the practices have reached a version. */
    async areAt(practiceIds: readonly PracticeId[], version: number): Promise<boolean> {
      const known = await behind();
      for (const practiceId of practiceIds) {
        if ((known.get(practiceId)?.records ?? version) < version && !(await isSettled(practiceId))) return false;
      }
      return true;
    },
  };
}

/** Returns the index version that a query needs; 0 if it uses no index values. */
function neededBy({ type, conditions, parts }: EnforcedQuery): number {
  const granted = parts.flatMap((part) => part.granted ?? []).flat();
  return Math.max(0, ...[...granted, ...conditions].map((one) => neededIn(type, one)));
}

function neededIn(type: string, condition: EnforcedCondition): number {
  switch (condition.kind) {
    case 'alternatives':
      return Math.max(...condition.of.map((one) => neededIn(type, one)));
    case 'linked':
      return Math.max(
        foundSince(type),
        foundSince(condition.type),
        ...condition.conditions.map((one) => neededIn(condition.type, one)),
      );
    default:
      return isIndexed(condition) ? foundSince(type) : 0;
  }
}

/** Tells whether a condition uses index values, as opposed to columns that every release fills. */
function isIndexed(condition: Condition): boolean {
  switch (condition.kind) {
    case 'id':
    case 'updated':
    case 'records':
    case 'directories':
    case 'in-use':
      return false;
    case 'not':
      return isIndexed(condition.of);
    case 'any':
    case 'all':
      return condition.of.some(isIndexed);
    default:
      return true;
  }
}
