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
 * Keeps requests right while records are still as an earlier release left them. A request about one record brings that
 * record up to date first. A search that needs all records of a practice is 503 until all of them are.
 */
export interface Upkeep {
  /** Brings what the grant is about up to date. @param converted whether the request is for another version than is stored */
  prepare(grant: Grant, converted: boolean): Promise<void>;
  /** For searches over the records of practices. @throws 503 where the index does not have all that they look for */
  requireIndex(queries: readonly EnforcedQuery[]): Promise<void>;
  /** Whether the rows of all records of the query's practices carry their practice. */
  knowsPractices(query: EnforcedQuery): Promise<boolean>;
  /** Brings everything up to date, and may be stopped at any time. */
  work(progress?: Progress): Promise<void>;
}

/** Milliseconds until a practice is asked again whether all its records are done. */
const SETTLE_AGAIN = seconds(5);

type Behind = ReadonlyMap<PracticeId, Standing>;

/** @param projections all that are served: what one of them hides must be hidden before a record is shown */
export function openUpkeep(db: Database, clock: Clock, projections: readonly Projection[]): Upkeep {
  const conversion = conversionUpgrade(projections);
  const [index, converted] = [openStanding(db, clock, INDEX_UPGRADE), openStanding(db, clock, conversion)];
  return {
    async prepare({ record, practices }, isConverted) {
      for (const standing of isConverted ? [index, converted] : [index]) {
        const behind = await standing.behind();
        if (behind.size === 0) continue;
        const all = record === undefined ? practices : [...practices, record.practiceId];
        for (const practiceId of new Set(all)) await standing.bringDirectory(behind, practiceId);
        if (record !== undefined) await standing.bringRecord(behind, record.practiceId, record.recordId);
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

/** What is known of the practices, asked at most once a second. */
function openStanding(db: Database, clock: Clock, upgrade: Upgrade) {
  let known: { readonly at: number; readonly behind: Promise<Behind> } | undefined;
  const tried = new Map<PracticeId, number>();

  function behind(): Promise<Behind> {
    const now = clock.now().getTime();
    if (known === undefined || now - known.at >= FRESH || now < known.at) {
      const asked = practicesBehind(db, upgrade);
      known = { at: now, behind: asked };
      asked.catch(() => {
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
    async bringDirectory(of: Behind, practiceId: PracticeId) {
      if ((of.get(practiceId)?.directory ?? upgrade.version) >= upgrade.version) return;
      await upgrade.directory(db, practiceId);
      known = undefined;
    },
    async bringRecord(of: Behind, practiceId: PracticeId, recordId: RecordId) {
      if ((of.get(practiceId)?.records ?? upgrade.version) >= upgrade.version) return;
      if (await isRecordBehind(db, upgrade, recordId)) await upgrade.record(db, recordId);
    },
    /** Whether all records of some practices are at a version. */
    async areAt(practiceIds: readonly PracticeId[], version: number): Promise<boolean> {
      const known = await behind();
      for (const practiceId of practiceIds) {
        if ((known.get(practiceId)?.records ?? version) < version && !(await isSettled(practiceId))) return false;
      }
      return true;
    },
  };
}

/** The version that the index has to be at, for all that a query looks for in it; 0: it looks for nothing. */
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

/** Looked for in what the indexer wrote, and not by a column that every release fills. */
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
