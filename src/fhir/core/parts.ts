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

/** Upper limit of the rows that a query can reach. */
export type Place =
  | { readonly kind: 'record'; readonly recordId: RecordId }
  /** Records of practices or, for directory types, their directories. */
  | {
      readonly kind: 'practices';
      readonly practiceIds: readonly PracticeId[];
      /** Limits the records to these patients. Undefined means all patients. */
      readonly patientIds: readonly string[] | undefined;
    };

/** One of the alternatives that a grant allows within the search scope. All conditions of a filter must hold. */
export interface Part {
  /** Limits rows to this record_id, or practice_id for directory types. Undefined means the whole search scope. */
  readonly home: number | undefined;
  /** Limits of granular scopes. */
  readonly granted: Ways;
  /** Rows with one of these security labels don't match. Undefined means that labels don't matter. */
  readonly withheld: readonly SecurityLabel[] | undefined;
  /** For Provenance: the targets that it may reveal. Undefined means any target. */
  readonly about: About | undefined;
}

/**
 * Targets that a Provenance may reveal. It needs at least one of them, and others are redacted. Types are stored types.
 */
export interface About {
  /** Types of which every resource is visible. */
  readonly whole: readonly string[];
  /** Types of which only some resources are visible. */
  readonly some: readonly Some[];
}

/** Targets of one type that match a filter and aren't hidden. They are looked up in the record of the Provenance. */
export interface Some {
  readonly type: string;
  /** Undefined if nothing is hidden. */
  readonly projection: string | undefined;
  readonly parts: readonly Omit<Part, 'about'>[];
}

/**
 * Returns the search scope of a query. The record in context belongs to one of the practices, as `authorize` guarantees.
 * With rules for both, the scope is the practices, and the filter of the rule for the record limits it to that record.
 * @param patientIds patients that the search names; undefined if it names none
 * @returns undefined if no row can match
 */
export function placeOf(
  { practices, record }: Grant,
  served: ServedType,
  rules: readonly Reach[],
  patientIds: readonly string[] | undefined,
): Place | undefined {
  if (isWide(rules)) {
    return patientIds?.length === 0 ? undefined : { kind: 'practices', practiceIds: practices, patientIds };
  }
  if (record === undefined) return undefined;
  if (served.home === 'record') return { kind: 'record', recordId: record.recordId };
  return { kind: 'practices', practiceIds: [record.practiceId], patientIds: undefined };
}

export const isWide = (rules: readonly Reach[]): boolean => rules.some(({ of }) => of === 'practices');

/** Returns an access filter for each access rule, relative to their common search scope. */
export function partsOf(context: EnforceContext, served: ServedType, rules: readonly Reach[]): readonly Part[] {
  const isOfPractices = isWide(rules);
  return rules.map(({ of, queries }) => ({
    home: isOfPractices && of === 'record' ? homeInContext(context.grant, served) : undefined,
    granted: waysOf(queries, { ...context, served }),
    withheld: withheldFrom(context.grant, served),
    about: served.stored === 'Provenance' ? aboutOf(context, of) : undefined,
  }));
}

/**
 * Returns an access filter for each access rule of a type that is linked to a row. The linked resource is in the row's
 * record or in the directory of its practice, so a rule for the record in context has to name that record.
 */
export const linkedPartsOf = (context: EnforceContext, served: ServedType, rules: readonly Reach[]): readonly Part[] =>
  rules.map(({ of, queries }) => ({
    home: of === 'record' ? homeInContext(context.grant, served) : undefined,
    granted: waysOf(queries, { ...context, served }),
    withheld: withheldFrom(context.grant, served),
    about: served.stored === 'Provenance' ? aboutOf(context, of) : undefined,
  }));

/** A directory belongs to the practice and isn't about a patient, so patients withhold nothing of it. */
const withheldFrom = ({ withheld }: Grant, { home }: ServedType): Part['withheld'] =>
  home === 'record' && withheld.length > 0 ? withheld : undefined;

/** Id of the record in context, or of its practice for directory types. */
const homeInContext = ({ record }: Grant, { home }: ServedType): number | undefined =>
  home === 'record' ? record?.recordId : record?.practiceId;

/**
 * Returns the targets that a Provenance may reveal. A Provenance says when and by whom other resources were made, so it is
 * visible only if one of its targets is, and it shows only visible ones. See docs/decisions/013.
 * @param of target of the rule that allows the Provenance; the resources it refers to are in the same record
 */
function aboutOf(context: EnforceContext, of: ReachOf): About | undefined {
  const { version } = context;
  const types = version.types.flatMap(formsOf);
  const parts = types.map((type) => [type, targetParts(context, type, of)] as const);
  if (parts.every(([, own]) => own.some(isEverything))) return undefined;
  // Several served types with different scopes can share a stored type. It is fully visible only if all of them are.
  const limited = new Set(parts.filter(([, own]) => !own.some(isEverything)).map(([{ stored }]) => stored));
  const whole = types.filter((type) => !limited.has(type.stored) && isTold(type)).map(({ stored }) => stored);
  const some = parts.filter(([type, own]) => own.length > 0 && limited.has(type.stored) && isInPart(type));
  return {
    whole: [...new Set(whole)],
    some: some.map(([type, own]) => ({ type: type.stored, projection: projectionOf(version, type), parts: own })),
  };
}

/** Returns the access filters of a type whose resources are targets of a Provenance that a rule for `of` allows. */
const targetParts = (context: EnforceContext, type: ServedType, of: ReachOf): readonly Omit<Part, 'about'>[] =>
  reachesOf(context.grant, type).map((rule) => ({
    home: rule.of === 'record' && of !== 'record' ? homeInContext(context.grant, type) : undefined,
    granted: waysOf(rule.queries, { ...context, served: type }),
    withheld: withheldFrom(context.grant, type),
  }));

/** True if the filter excludes nothing. */
export const isEverything = ({
  home,
  granted,
  withheld,
  about,
}: Omit<Part, 'about'> & { about?: Part['about'] }): boolean =>
  home === undefined && granted === undefined && withheld === undefined && about === undefined;
/** Whether a Provenance is visible depends on its own targets, so a limited one never counts as a visible target. */
const isTold = ({ stored }: ServedType): boolean => stored !== 'Provenance';
/** Targets are looked up in the record, which has no directory resources. */
const isInPart = (type: ServedType): boolean => type.home === 'record' && isTold(type);

/** Combines the access rules for reading and for searching a type. */
function reachesOf(grant: Grant, served: ServedType): readonly Reach[] {
  const all = READS.flatMap((permission) => permit(grant, permission, namesOf(served)));
  return REACHES.flatMap((of) => {
    const same = all.filter((rule) => rule.of === of);
    if (same.length === 0) return [];
    const isUnlimited = same.some(({ queries }) => queries.length === 0);
    return [{ of, queries: isUnlimited ? [] : [...new Set(same.flatMap(({ queries }) => queries))] }];
  });
}

const READS: readonly Permission[] = ['r', 's'];
const REACHES: readonly ReachOf[] = ['record', 'practices'];
