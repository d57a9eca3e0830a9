import {
  type AccessGrant,
  type AccessRule,
  type AccessTarget,
  authorize,
  type Permission,
} from '../../access/index.ts';
import type { SecurityLabel } from '../../domain/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';
import type { ServedType } from '../model/fhir-version.ts';
import { projectionName, typeVariants } from '../model/type-variants.ts';
import { type EnforcementContext, scopeTypeNames } from './enforcement-context.ts';
import { type GranularFilter, readGranularFilter } from './granular-scopes.ts';

/** Upper limit of the rows that a query can reach. */
export type SearchScope =
  | { readonly kind: 'record'; readonly recordId: RecordId }
  /** Records of practices or, for directory types, their directories. */
  | {
      readonly kind: 'practices';
      readonly practiceIds: readonly PracticeId[];
      /** Limits the records to these patients. Undefined means all patients. */
      readonly patientIds: readonly string[] | undefined;
    };

/** One of the alternatives that a grant allows within the search scope. All conditions of a filter must hold. */
export interface AccessFilter {
  /** Limits rows to this record_id, or practice_id for directory types. Undefined means the whole search scope. */
  readonly compartmentId: number | undefined;
  /** Limits of granular scopes. */
  readonly granted: GranularFilter;
  /** Rows with one of these security labels don't match. Undefined means that labels don't matter. */
  readonly withheldLabels: readonly SecurityLabel[] | undefined;
  /** For Provenance: the targets that it may reveal. Undefined means any target. */
  readonly targets: ProvenanceTargets | undefined;
}

/**
 * Targets that a Provenance may reveal. It needs at least one of them, and others are redacted. Types are stored types.
 */
export interface ProvenanceTargets {
  /** Types of which every resource is visible. */
  readonly fullTypes: readonly string[];
  /** Types of which only some resources are visible. */
  readonly partialTypes: readonly PartialTargetType[];
}

/** Targets of one type that match a filter and aren't hidden. They are looked up in the record of the Provenance. */
export interface PartialTargetType {
  readonly type: string;
  /** Undefined if nothing is hidden. */
  readonly projection: string | undefined;
  readonly filters: readonly Omit<AccessFilter, 'targets'>[];
}

/**
 * Returns the search scope of a query. The record in context belongs to one of the practices, as `authorize` guarantees.
 * With rules for both, the scope is the practices, and the filter of the rule for the record limits it to that record.
 * @param patientIds patients that the search names; undefined if it names none
 * @returns undefined if no row can match
 */
export function getSearchScope(
  { practices, record }: AccessGrant,
  served: ServedType,
  rules: readonly AccessRule[],
  patientIds: readonly string[] | undefined,
): SearchScope | undefined {
  if (coversPractices(rules)) {
    return patientIds?.length === 0 ? undefined : { kind: 'practices', practiceIds: practices, patientIds };
  }
  if (record === undefined) return undefined;
  if (served.compartment === 'record') return { kind: 'record', recordId: record.recordId };
  return { kind: 'practices', practiceIds: [record.practiceId], patientIds: undefined };
}

export const coversPractices = (rules: readonly AccessRule[]): boolean =>
  rules.some(({ target }) => target === 'practices');

/** Returns an access filter for each access rule, relative to their common search scope. */
export function getAccessFilters(
  context: EnforcementContext,
  served: ServedType,
  rules: readonly AccessRule[],
): readonly AccessFilter[] {
  const isOfPractices = coversPractices(rules);
  return rules.map(({ target, queries }) => ({
    compartmentId: isOfPractices && target === 'record' ? compartmentInContext(context.grant, served) : undefined,
    granted: readGranularFilter(queries, { ...context, served }),
    withheldLabels: withheldLabelsFor(context.grant, served),
    targets: served.stored === 'Provenance' ? provenanceTargets(context, target) : undefined,
  }));
}

/**
 * Returns an access filter for each access rule of a type that is linked to a row. The linked resource is in the row's
 * record or in the directory of its practice, so a rule for the record in context has to name that record.
 */
export const getLinkedAccessFilters = (
  context: EnforcementContext,
  served: ServedType,
  rules: readonly AccessRule[],
): readonly AccessFilter[] =>
  rules.map(({ target, queries }) => ({
    compartmentId: target === 'record' ? compartmentInContext(context.grant, served) : undefined,
    granted: readGranularFilter(queries, { ...context, served }),
    withheldLabels: withheldLabelsFor(context.grant, served),
    targets: served.stored === 'Provenance' ? provenanceTargets(context, target) : undefined,
  }));

/** A directory belongs to the practice and isn't about a patient, so patients withhold nothing of it. */
const withheldLabelsFor = ({ withheld }: AccessGrant, { compartment }: ServedType): AccessFilter['withheldLabels'] =>
  compartment === 'record' && withheld.length > 0 ? withheld : undefined;

/** Id of the record in context, or of its practice for directory types. */
const compartmentInContext = ({ record }: AccessGrant, { compartment }: ServedType): number | undefined =>
  compartment === 'record' ? record?.recordId : record?.practiceId;

/**
 * Returns the targets that a Provenance may reveal. A Provenance says when and by whom other resources were made, so it is
 * visible only if one of its targets is, and it shows only visible ones. See docs/decisions/013.
 * @param of target of the rule that allows the Provenance; the resources it refers to are in the same record
 */
function provenanceTargets(context: EnforcementContext, of: AccessTarget): ProvenanceTargets | undefined {
  const { version } = context;
  const types = version.types.flatMap(typeVariants);
  const parts = types.map((type) => [type, targetFilters(context, type, of)] as const);
  if (parts.every(([, own]) => own.some(isUnrestricted))) return undefined;
  // Several served types with different scopes can share a stored type. It is fully visible only if all of them are.
  const limited = new Set(parts.filter(([, own]) => !own.some(isUnrestricted)).map(([{ stored }]) => stored));
  const whole = types.filter((type) => !limited.has(type.stored) && canBeTarget(type)).map(({ stored }) => stored);
  const some = parts.filter(([type, own]) => own.length > 0 && limited.has(type.stored) && canBePartialTarget(type));
  return {
    fullTypes: [...new Set(whole)],
    partialTypes: some.map(([type, own]) => ({
      type: type.stored,
      projection: projectionName(version, type),
      filters: own,
    })),
  };
}

/** Returns the access filters of a type whose resources are targets of a Provenance that a rule for `of` allows. */
const targetFilters = (
  context: EnforcementContext,
  type: ServedType,
  of: AccessTarget,
): readonly Omit<AccessFilter, 'targets'>[] =>
  readOrSearchRules(context.grant, type).map((rule) => ({
    compartmentId: rule.target === 'record' && of !== 'record' ? compartmentInContext(context.grant, type) : undefined,
    granted: readGranularFilter(rule.queries, { ...context, served: type }),
    withheldLabels: withheldLabelsFor(context.grant, type),
  }));

/** True if the filter excludes nothing. */
export const isUnrestricted = ({
  compartmentId,
  granted,
  withheldLabels,
  targets,
}: Omit<AccessFilter, 'targets'> & { targets?: AccessFilter['targets'] }): boolean =>
  compartmentId === undefined && granted === undefined && withheldLabels === undefined && targets === undefined;
/** Whether a Provenance is visible depends on its own targets, so a limited one never counts as a visible target. */
const canBeTarget = ({ stored }: ServedType): boolean => stored !== 'Provenance';
/** Targets are looked up in the record, which has no directory resources. */
const canBePartialTarget = (type: ServedType): boolean => type.compartment === 'record' && canBeTarget(type);

/** Combines the access rules for reading and for searching a type. */
function readOrSearchRules(grant: AccessGrant, served: ServedType): readonly AccessRule[] {
  const all = READ_PERMISSIONS.flatMap((permission) => authorize(grant, permission, scopeTypeNames(served)));
  return ACCESS_TARGETS.flatMap((of) => {
    const same = all.filter((rule) => rule.target === of);
    if (same.length === 0) return [];
    const isUnlimited = same.some(({ queries }) => queries.length === 0);
    return [{ target: of, queries: isUnlimited ? [] : [...new Set(same.flatMap(({ queries }) => queries))] }];
  });
}

const READ_PERMISSIONS: readonly Permission[] = ['r', 's'];
const ACCESS_TARGETS: readonly AccessTarget[] = ['record', 'practices'];
