import {
  type Grant,
  type Permission,
  permit,
  type Reach,
  type ReachOf,
  type SecurityLabel,
} from '../../access/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';
import { type EnforceContext, namesOf } from './context.ts';
import { formsOf, projectionOf } from './forms.ts';
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
  /** Nothing that has one of these; undefined: labels don't matter. */
  readonly withheld: readonly SecurityLabel[] | undefined;
  /** Of Provenance; undefined: it may tell of anything. */
  readonly about: About | undefined;
}

/** What Provenance may tell of: one of its targets at least, and it is served without the others. Types are as stored. */
export interface About {
  /** Any resource of these types. */
  readonly whole: readonly string[];
  /** Of these only some. */
  readonly some: readonly Some[];
}

/** What is in one of the parts and is not hidden in the projection: it is looked for in the record that tells of it. */
export interface Some {
  readonly type: string;
  /** undefined: nothing is hidden. */
  readonly projection: string | undefined;
  readonly parts: readonly Omit<Part, 'about'>[];
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
    withheld: withheldFrom(context.grant, served),
    about: served.stored === 'Provenance' ? aboutOf(context, of) : undefined,
  }));
}

/**
 * What each of the reaches allows of a resource that is linked to a row. It is in the row's record, or the directory beside
 * it, so a reach of the record in context says which record that has to be.
 */
export const linkedPartsOf = (
  context: EnforceContext,
  served: ServedType,
  reaches: readonly Reach[],
): readonly Part[] =>
  reaches.map(({ of, queries }) => ({
    home: of === 'record' ? homeInContext(context.grant, served) : undefined,
    granted: waysOf(queries, { ...context, served }),
    withheld: withheldFrom(context.grant, served),
    about: served.stored === 'Provenance' ? aboutOf(context, of) : undefined,
  }));

/** A directory is the practice's, and is about no patient. */
const withheldFrom = ({ withheld }: Grant, { home }: ServedType): Part['withheld'] =>
  home === 'record' && withheld.length > 0 ? withheld : undefined;

/** The record in context, or its practice. */
const homeInContext = ({ record }: Grant, { home }: ServedType): number | undefined =>
  home === 'record' ? record?.recordId : record?.practiceId;

/**
 * Provenance tells of other resources, when and by whom they were made: it is seen where one of its targets is, with those
 * that are. See docs/decisions/013.
 * @param of of which part of the Provenance; its targets are in the same record
 */
function aboutOf(context: EnforceContext, of: ReachOf): About | undefined {
  const { version } = context;
  const types = version.types.flatMap(formsOf);
  const parts = types.map((type) => [type, targetParts(context, type, of)] as const);
  if (parts.every(([, own]) => own.some(isEverything))) return undefined;
  // What is stored as one type may be several, each under scopes of its own: it is whole only where all of them are.
  const limited = new Set(parts.filter(([, own]) => !own.some(isEverything)).map(([{ stored }]) => stored));
  const whole = types.filter((type) => !limited.has(type.stored) && isTold(type)).map(({ stored }) => stored);
  const some = parts.filter(([type, own]) => own.length > 0 && limited.has(type.stored) && isInPart(type));
  return {
    whole: [...new Set(whole)],
    some: some.map(([type, own]) => ({ type: type.stored, projection: projectionOf(version, type), parts: own })),
  };
}

/** What may be seen of a type beside Provenance of this part. */
const targetParts = (context: EnforceContext, type: ServedType, of: ReachOf): readonly Omit<Part, 'about'>[] =>
  reachesOf(context.grant, type).map((reach) => ({
    home: reach.of === 'record' && of !== 'record' ? homeInContext(context.grant, type) : undefined,
    granted: waysOf(reach.queries, { ...context, served: type }),
    withheld: withheldFrom(context.grant, type),
  }));

/** Nothing that is there is left out. */
export const isEverything = ({
  home,
  granted,
  withheld,
  about,
}: Omit<Part, 'about'> & { about?: Part['about'] }): boolean =>
  home === undefined && granted === undefined && withheld === undefined && about === undefined;
/** Which Provenance is seen depends on its own targets: where not everything is, none of it is a target that is. */
const isTold = ({ stored }: ServedType): boolean => stored !== 'Provenance';
/** A target is looked for in the record, where no directory is. */
const isInPart = (type: ServedType): boolean => type.home === 'record' && isTold(type);

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
