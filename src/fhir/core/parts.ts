import { type Grant, type Permission, permit, type Reach, type ReachOf } from '../../access/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';
import { type EnforceContext, namesOf } from './context.ts';
import { type Ways, waysOf } from './granular.ts';
import type { ServedType } from './version.ts';

/** Whose rows, at the most. */
export type Place =
  | { readonly kind: 'record'; readonly recordId: RecordId }
  /** The records, or for types that live there the directories, of practices. */
  | {
      readonly kind: 'practices';
      readonly practiceIds: readonly PracticeId[];
      /** Of their patients these alone; undefined: all. */
      readonly patientIds: readonly string[] | undefined;
    };

/** One part of what may be found in a place: all conditions of a part must hold. */
export interface Part {
  /** In this record, or directory, alone; undefined: anywhere in the place. */
  readonly home: number | undefined;
  /** From granular scopes. */
  readonly granted: Ways;
  /** Of Provenance; undefined: it may tell of anything. */
  readonly about: About | undefined;
}

/** What resources may be about. */
export interface About {
  /** As stored: any resource of these types. */
  readonly whole: readonly string[];
  /** Of a type only what is in the part: it is looked for in the record that tells of it. */
  readonly shown: readonly (Omit<Part, 'about'> & { readonly type: string })[];
}

/**
 * The record in context lies in one of the practices, as `permit` has it: with both, the practices are the place, and the
 * record is a part of it.
 * @param patientIds whom the search names; undefined: nobody
 * @returns undefined when nobody is there
 */
export function placeOf(
  { practices, record }: Grant,
  served: ServedType,
  reaches: readonly Reach[],
  patientIds: readonly string[] | undefined,
): Place | undefined {
  if (isWide(reaches)) {
    return patientIds?.length === 0 ? undefined : { kind: 'practices', practiceIds: practices, patientIds };
  }
  if (record === undefined) return undefined;
  if (served.home === 'record') return { kind: 'record', recordId: record.recordId };
  return { kind: 'practices', practiceIds: [record.practiceId], patientIds: undefined };
}

export const isWide = (reaches: readonly Reach[]): boolean => reaches.some(({ of }) => of === 'practices');

/** What each of the reaches allows in their place. */
export function partsOf(context: EnforceContext, served: ServedType, reaches: readonly Reach[]): readonly Part[] {
  const wide = isWide(reaches);
  return reaches.map(({ of, queries }) => ({
    home: wide && of === 'record' ? homeInContext(context.grant, served) : undefined,
    granted: waysOf(queries, { ...context, served }),
    about: served.stored === 'Provenance' ? aboutOf(context, of) : undefined,
  }));
}

/** The record in context, or its practice. */
const homeInContext = ({ record }: Grant, { home }: ServedType): number | undefined =>
  home === 'record' ? record?.recordId : record?.practiceId;

/**
 * Provenance tells of other resources, when and by whom they were made: it is seen where one of its targets is of a type
 * the grant covers, and where only some categories of that type are granted, when one of its targets is among them.
 * @param of of which part of the Provenance; its targets are in the same record
 */
function aboutOf(context: EnforceContext, of: ReachOf): About | undefined {
  const { grant, version } = context;
  const whole: string[] = [];
  const shown: About['shown'][number][] = [];
  for (const type of version.types) {
    const reaches = reachesOf(grant, type).map((reach) => ({
      ...reach,
      everywhere: reach.of !== 'record' || of === 'record',
    }));
    if (reaches.some(({ queries, everywhere }) => everywhere && queries.length === 0)) whole.push(type.stored);
    else if (isTarget(type)) {
      for (const { queries, everywhere } of reaches) {
        const home = everywhere ? undefined : homeInContext(grant, type);
        shown.push({ type: type.stored, home, granted: waysOf(queries, { ...context, served: type }) });
      }
    }
  }
  return whole.length === version.types.length ? undefined : { whole, shown };
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
