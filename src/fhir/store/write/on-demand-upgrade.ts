import type { AccessGrant } from '../../../access/index.ts';
import { type Database, statement } from '../../../database/index.ts';
import { CACHE_TTL_MS, type Clock, type PracticeId, Problem, type RecordId, seconds } from '../../../kernel/index.ts';
import { findOutdatedPractices, type PracticeUpgradeState } from '../../../practices/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { EnforcedCondition } from '../../authorization/enforced-link.ts';
import type { RowCondition } from '../../model/condition.ts';
import type { Projection } from '../../model/projection.ts';
import { PRACTICE_COLUMN_SINCE, requiredIndexVersion } from '../index/index-definitions.ts';
import { INDEX_UPGRADE } from './refresh-index.ts';
import { conversionUpgrade } from './refresh-projections.ts';
import {
  isRecordOutdated,
  markPracticeCurrent,
  type StoreUpgrade,
  type UpgradeProgress,
  upgradeAll,
} from './upgrade.ts';

/**
 * Keeps responses correct after an upgrade, while stored resources still have the search index and conversions of an
 * earlier release. A request for one patient record first upgrades that record. A search that needs all records of a
 * practice gets 503 until all of them are upgraded.
 */
export interface OnDemandUpgrade {
  /**
   * Upgrades the patient record and directories that a grant allows to be read.
   * @param converted true if the request is for another FHIR version than R4
   * @throws Problem 503 if the grant is for whole practices and some of their records still have to be converted
   */
  prepare(grant: AccessGrant, converted: boolean): Promise<void>;
  /**
   * Checks that all records of the searched practices have the search index values that the queries use. If a query
   * names patients, their records are upgraded instead.
   * @throws Problem 503 if index values are missing
   */
  requireIndex(queries: readonly EnforcedQuery[]): Promise<void>;
  /** Returns true if the column practice_id is filled in for all resources of the query's practices. */
  hasPracticeColumn(query: EnforcedQuery): Promise<boolean>;
  /** Upgrades all patient records and directories. It can be stopped at any time. */
  upgradeAll(progress?: UpgradeProgress): Promise<void>;
}

/** Time, in milliseconds, after which a practice is checked again for records that haven't been upgraded. */
const RECHECK_AFTER = seconds(5);

type OutdatedPractices = ReadonlyMap<PracticeId, PracticeUpgradeState>;

/**
 * Creates the functions that upgrade stored resources when a request needs them.
 * @param projections all conversions that the server serves; they decide which resources a FHIR version hides, so they
 * must be up to date before a record is shown
 */
export function createOnDemandUpgrade(db: Database, clock: Clock, projections: readonly Projection[]): OnDemandUpgrade {
  const conversion = conversionUpgrade(projections);
  const [index, converted] = [trackUpgrade(db, clock, INDEX_UPGRADE), trackUpgrade(db, clock, conversion)];
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
      if (!(await converted.areAt(practices, conversion.version))) throw upgradingProblem();
    },
    async requireIndex(queries) {
      for (const query of queries) {
        const { scope, compartment } = query;
        if (compartment !== 'record' || scope?.kind !== 'practices') continue;
        if (await index.areAt(scope.practiceIds, indexVersionOfQuery(query))) continue;
        if (scope.patientIds === undefined) throw upgradingProblem();
        for (const { record_id } of await db.query(recordsOfPatients, [scope.practiceIds, scope.patientIds]))
          await INDEX_UPGRADE.record(db, record_id as RecordId);
      }
    },
    hasPracticeColumn: async ({ scope: place }) =>
      place?.kind !== 'practices' || (await index.areAt(place.practiceIds, PRACTICE_COLUMN_SINCE)),
    async upgradeAll(progress) {
      await upgradeAll(db, INDEX_UPGRADE, progress);
      await upgradeAll(db, conversion, progress);
    },
  };
}

const recordsOfPatients = statement(
  'fhir.records-of-patients',
  { record_id: 'int8' },
  'select record_id from record where practice_id = any($1::int[]) and patient_id = any($2::uuid[])',
);

const upgradingProblem = () =>
  new Problem('unavailable', {
    status: 503,
    message:
      'The server is updating the records of this practice after an upgrade. Try again later, or request one patient at a time.',
    retryAfter: 60,
  });

/** Keeps track of the practices with data that hasn't been upgraded. It reads the database at most once a second. */
function trackUpgrade(db: Database, clock: Clock, upgrade: StoreUpgrade) {
  let known: { readonly at: number; readonly behind: Promise<OutdatedPractices> } | undefined;
  const tried = new Map<PracticeId, number>();

  function behind(): Promise<OutdatedPractices> {
    const now = clock.now().getTime();
    if (known === undefined || now - known.at >= CACHE_TTL_MS || now < known.at) {
      const request = findOutdatedPractices(db, upgrade);
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
    if (last !== undefined && now >= last && now - last < RECHECK_AFTER) return false;
    tried.set(practiceId, now);
    const settled = await markPracticeCurrent(db, upgrade, practiceId);
    if (settled) {
      tried.delete(practiceId);
      known = undefined;
    }
    return settled;
  }

  return {
    behind,
    async bringDirectory(outdated: OutdatedPractices, practiceId: PracticeId) {
      if ((outdated.get(practiceId)?.directory ?? upgrade.version) >= upgrade.version) return;
      await upgrade.directory(db, practiceId);
      known = undefined;
    },
    async bringRecord(outdated: OutdatedPractices, practiceId: PracticeId, recordId: RecordId) {
      if ((outdated.get(practiceId)?.records ?? upgrade.version) >= upgrade.version) return;
      if (await isRecordOutdated(db, upgrade, recordId)) await upgrade.record(db, recordId);
    },
    /** Returns true if all records of some practices have been upgraded to a version. */
    async areAt(practiceIds: readonly PracticeId[], version: number): Promise<boolean> {
      const known = await behind();
      for (const practiceId of practiceIds) {
        if ((known.get(practiceId)?.records ?? version) < version && !(await isSettled(practiceId))) return false;
      }
      return true;
    },
  };
}

/** Returns the index version that a query needs for correct results, or 0 if it uses no values of the search index. */
function indexVersionOfQuery({ type, conditions, filters }: EnforcedQuery): number {
  const granted = filters.flatMap((part) => part.granted ?? []).flat();
  return Math.max(0, ...[...granted, ...conditions].map((one) => indexVersionOfCondition(type, one)));
}

function indexVersionOfCondition(type: string, condition: EnforcedCondition): number {
  switch (condition.kind) {
    case 'alternatives':
      return Math.max(...condition.of.map((one) => indexVersionOfCondition(type, one)));
    case 'linked':
      return Math.max(
        requiredIndexVersion(type),
        requiredIndexVersion(condition.type),
        ...condition.conditions.map((one) => indexVersionOfCondition(condition.type, one)),
      );
    default:
      return usesIndexValues(condition) ? requiredIndexVersion(type) : 0;
  }
}

/**
 * True if a condition uses values of the search index. Other conditions use columns that every release fills in the
 * same way.
 */
function usesIndexValues(condition: RowCondition): boolean {
  switch (condition.kind) {
    case 'id':
    case 'updated':
    case 'records':
    case 'directories':
    case 'in-use':
      return false;
    case 'not':
      return usesIndexValues(condition.of);
    case 'any':
    case 'all':
      return condition.of.some(usesIndexValues);
    default:
      return true;
  }
}
