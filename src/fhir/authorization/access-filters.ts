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

/** The largest set of resources that a query may search: one patient record, or some practices. */
export type SearchScope =
  | { readonly kind: 'record'; readonly recordId: RecordId }
  /**
   * All patient records of the practices. For a directory type such as Practitioner: the directories of the practices.
   */
  | {
      readonly kind: 'practices';
      readonly practiceIds: readonly PracticeId[];
      /** Patients to whose records the search is limited. Undefined if the search covers all patients. */
      readonly patientIds: readonly string[] | undefined;
      /** The only records that may have matches, if they have been looked up; see `limitToRecords`. */
      readonly records?: readonly ScopeRecord[];
      /**
       * True if the practices have few resources of the searched type, so that all of them may be read through the
       * index that starts with the practice.
       */
      readonly isSmall?: true;
    };

/** An active record of a practice. */
export interface ScopeRecord {
  readonly recordId: number;
  readonly practiceId: number;
}

/**
 * Conditions under which a grant allows access to a resource. They apply to resources in the query's search scope (the
 * record or practices that it may search). A resource must meet all conditions of a filter. A grant can have several
 * filters. A resource must match at least one of them.
 */
export interface AccessFilter {
  /**
   * Id of the only patient record (record_id) or directory (practice_id) that the filter allows. Undefined if it allows
   * every record or practice that the query may search.
   */
  readonly compartmentId: number | undefined;
  /** Additional conditions from granular scopes such as `Observation.rs?category=laboratory`. */
  readonly granted: GranularFilter;
  /**
   * Security labels that the patient withholds. A resource with one of them doesn't match. Undefined if none are
   * withheld, and for directory resources.
   */
  readonly withheldLabels: readonly SecurityLabel[] | undefined;
  /**
   * Only for Provenance: the target resources that the Provenance may reveal. Undefined if it may reveal any target.
   */
  readonly targets: ProvenanceTargets | undefined;
}

/**
 * The target resources that a Provenance may reveal. A Provenance is visible if it has at least one of them; its other
 * targets are redacted. All types are R4 types.
 */
export interface ProvenanceTargets {
  /** R4 types whose resources are all visible to the client. */
  readonly fullTypes: readonly string[];
  /** R4 types of which only some resources are visible to the client. */
  readonly partialTypes: readonly PartialTargetType[];
}

/**
 * A type of Provenance targets of which the client sees only some. A target is visible if it is in the patient record
 * of the Provenance, matches one of `filters`, and isn't hidden in the client's FHIR version.
 */
export interface PartialTargetType {
  readonly type: string;
  /**
   * Name of the projection (stored conversion) that the client reads. A resource without content in this projection is
   * hidden. Undefined if the client reads the stored R4 text, where no resource is hidden.
   */
  readonly projection: string | undefined;
  readonly filters: readonly Omit<AccessFilter, 'targets'>[];
}

/**
 * Returns the search scope of a query: the patient record or practices that it may search. `authorize` guarantees that
 * the record in context belongs to one of the practices. A grant can have one rule for the record in context and
 * another for whole practices. The search scope is then the practices, and the access filter of the first rule allows
 * only the record in context.
 * @param patientIds patients that the search names; undefined if it names none
 * @returns undefined if the search can't find anything
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

/**
 * Returns one access filter for each access rule. A filter leaves out conditions that hold anyway for every record or
 * practice that the query may search.
 */
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
 * Returns the access filters for the other resource in a chain or `_has`, one for each access rule. That resource is in
 * the record of the searched resource, or in the directory of its practice. The search may cover several records, so
 * the filter of a rule for the record in context always names that record.
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

/**
 * Returns the security labels that the patient withholds. Resources of a practice's directory aren't about a patient,
 * so labels don't restrict them.
 */
const withheldLabelsFor = ({ withheld }: AccessGrant, { compartment }: ServedType): AccessFilter['withheldLabels'] =>
  compartment === 'record' && withheld.length > 0 ? withheld : undefined;

/** Returns the id of the patient record in context or, for a directory type, the id of its practice. */
const compartmentInContext = ({ record }: AccessGrant, { compartment }: ServedType): number | undefined =>
  compartment === 'record' ? record?.recordId : record?.practiceId;

/**
 * Returns the targets that a Provenance may reveal. A Provenance says when and by whom other resources were made. So it
 * is visible only if one of its targets is visible, and it shows only the visible ones. See docs/decisions/013.
 * @param of whether the access rule for the Provenance covers the record in context or whole practices; the targets of
 * a Provenance are in the same record
 */
function provenanceTargets(context: EnforcementContext, of: AccessTarget): ProvenanceTargets | undefined {
  const { version } = context;
  const types = version.types.flatMap(typeVariants);
  const targetTypes = types.map((type) => [type, targetFilters(context, type, of)] as const);
  if (targetTypes.every(([, filters]) => filters.some(isUnrestricted))) return undefined;
  // Two served types with different scopes can share an R4 type: an R4 MedicationRequest can be a DSTU2 MedicationOrder
  // or MedicationStatement. All resources of the R4 type are visible only if all of these served types are.
  const limited = new Set(
    targetTypes.filter(([, filters]) => !filters.some(isUnrestricted)).map(([{ stored }]) => stored),
  );
  const whole = types.filter((type) => !limited.has(type.stored) && canBeTarget(type)).map(({ stored }) => stored);
  const some = targetTypes.filter(
    ([type, filters]) => filters.length > 0 && limited.has(type.stored) && canBePartialTarget(type),
  );
  return {
    fullTypes: [...new Set(whole)],
    partialTypes: some.map(([type, filters]) => ({
      type: type.stored,
      projection: projectionName(version, type),
      filters,
    })),
  };
}

/**
 * Returns the access filters for resources of one type as targets of a Provenance.
 * @param of whether the access rule for the Provenance covers the record in context or whole practices
 */
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

/** True if the filter allows every resource that the query may search. */
export const isUnrestricted = ({
  compartmentId,
  granted,
  withheldLabels,
  targets,
}: Omit<AccessFilter, 'targets'> & { targets?: AccessFilter['targets'] }): boolean =>
  compartmentId === undefined && granted === undefined && withheldLabels === undefined && targets === undefined;
/**
 * A Provenance can refer to another Provenance. That one never counts as a visible target, because whether it is
 * visible depends on its own targets.
 */
const canBeTarget = ({ stored }: ServedType): boolean => stored !== 'Provenance';
/**
 * The store looks up targets in the patient record of the Provenance. Directory resources aren't in a patient record,
 * so the store can't check whether one of them is visible. If a grant allows only some resources of a directory type,
 * none of them counts as a visible target.
 */
const canBePartialTarget = (type: ServedType): boolean => type.compartment === 'record' && canBeTarget(type);

/**
 * Returns the access rules under which a type can be read or searched. Rules that cover the same resources (the record
 * in context, or practices) are combined.
 */
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
