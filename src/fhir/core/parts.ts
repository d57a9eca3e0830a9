import { type Grant, type Permission, permit, type Reach, type ReachOf } from '../../access/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';
import { type EnforceContext, namesOf } from './context.ts';
import { type Ways, waysOf } from './granular.ts';
import type { ServedType } from './version.ts';

/** Whose rows. */
export type Place =
  | { readonly kind: 'record'; readonly recordId: RecordId }
  /** The records, or for types that live there the directories, of practices. */
  | {
      readonly kind: 'practices';
      readonly practiceIds: readonly PracticeId[];
      /** Of their patients these alone; undefined: all. */
      readonly patientIds: readonly string[] | undefined;
    };

/** One part of what a query may find. */
export interface Part {
  readonly place: Place;
  /** From granular scopes. */
  readonly granted: Ways;
  /** Of Provenance alone; undefined: it may tell of anything. */
  readonly about?: About | undefined;
}

/** What resources may be about. */
export interface About {
  /** As stored: any resource of these types. */
  readonly whole: readonly string[];
  /** Of these types what a query may find. */
  readonly shown: readonly { readonly type: string; readonly parts: readonly Part[] }[];
}

/** @param patientIds whom the search names; undefined: nobody */
export function partsOf(
  context: EnforceContext,
  served: ServedType,
  reaches: readonly Reach[],
  patientIds?: readonly string[],
): readonly Part[] {
  return reaches.flatMap(({ of, queries }) => {
    const place = placeOf(context.grant, served, of, patientIds);
    return place === undefined ? [] : [{ place, granted: waysOf(queries, { ...context, served }) }];
  });
}

/** undefined: none of those whom the search names is there. */
function placeOf(
  grant: Grant,
  served: ServedType,
  of: ReachOf,
  patientIds: readonly string[] | undefined,
): Place | undefined {
  if (of === 'practices') {
    return patientIds?.length === 0 ? undefined : { kind: 'practices', practiceIds: grant.practices, patientIds };
  }
  const { record } = grant;
  if (record === undefined || patientIds?.includes(record.patientId.toLowerCase()) === false) return undefined;
  if (served.home === 'record') return { kind: 'record', recordId: record.recordId };
  return { kind: 'practices', practiceIds: [record.practiceId], patientIds: undefined };
}

/**
 * Provenance tells of other resources, when and by whom they were made: it is seen where one of its targets is of a type
 * the grant covers, and where only some categories of that type are granted, when one of its targets is among them.
 * @param of of which part of the Provenance; its targets are in the same record
 */
export function aboutOf(context: EnforceContext, of: ReachOf): About | undefined {
  const whole: string[] = [];
  const shown: About['shown'][number][] = [];
  for (const type of context.version.types) {
    const reaches = reachesOf(context.grant, type);
    const isWhole = reaches.some((one) => one.queries.length === 0 && (one.of === 'practices' || one.of === of));
    if (isWhole) whole.push(type.stored);
    else if (reaches.length > 0 && isTarget(type)) {
      shown.push({ type: type.stored, parts: partsOf(context, type, reaches) });
    }
  }
  return whole.length === context.version.types.length ? undefined : { whole, shown };
}

/** What is told of a directory, or of other Provenance, is told of no part of the record. */
const isTarget = ({ home, stored }: ServedType): boolean => home === 'record' && stored !== 'Provenance';

/** What may be read or searched. */
function reachesOf(grant: Grant, served: ServedType): readonly Reach[] {
  const all = READS.flatMap((permission) => permit(grant, permission, namesOf(served)));
  return REACHES.flatMap((of) => {
    const same = all.filter((reach) => reach.of === of);
    if (same.length === 0) return [];
    const whole = same.some(({ queries }) => queries.length === 0);
    return [{ of, queries: whole ? [] : [...new Set(same.flatMap(({ queries }) => queries))] }];
  });
}

const READS: readonly Permission[] = ['r', 's'];
const REACHES: readonly ReachOf[] = ['record', 'practices'];
