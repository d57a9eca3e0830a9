import { type AccessGrant, type AccessRule, authorize, requireAccess, requireApiAdded } from '../../access/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import type { ServedType } from '../model/fhir-version.ts';
import type { EmbeddedLink, SearchCondition, SearchLink } from '../model/search-link.ts';
import { projectionName } from '../model/type-variants.ts';
import {
  type AccessFilter,
  getAccessFilters,
  getLinkedAccessFilters,
  getSearchScope,
  type SearchScope,
} from './access-filters.ts';
import type { EnforcedCondition, EnforcedLink } from './enforced-link.ts';
import { type EnforcementContext, scopeTypeNames } from './enforcement-context.ts';

declare const enforced: unique symbol;

/**
 * A query after authorization. The store runs no other queries, and only this file can create one. The query itself
 * excludes what the grant doesn't allow, so its results, totals and pages need no further filter.
 */
export interface EnforcedQuery {
  readonly [enforced]: true;
  /** Whether resources of the queried type are in patient records or in the directories of practices. */
  readonly compartment: ServedType['compartment'];
  /** R4 type of the resources to find. */
  readonly type: string;
  /**
   * Further R4 types to find. Like `type`, all of them are types of patient records, or all are directory types. Set
   * only if the query has no conditions beyond the records or practices that it may search.
   */
  readonly otherTypes?: readonly string[];
  readonly projection: string | undefined;
  /**
   * The largest set of resources that the query may search: one patient record, or some practices. All SQL of the query
   * starts with this condition. Undefined if the query can't match anything.
   */
  readonly scope: SearchScope | undefined;
  /** Conditions from the grant. A resource must match at least one of these filters. */
  readonly filters: readonly AccessFilter[];
  /** Conditions from the client's request, all of which a resource must meet. */
  readonly conditions: readonly EnforcedCondition[];
  /**
   * Practice of the record in context. Several practices can have a resource with the same id; a read then returns the
   * one of this practice.
   */
  readonly preferredPracticeId: PracticeId | undefined;
}

/** Returns the record if a query reads only one: the one that its scope names, or the one that was looked up. */
export function onlyRecord({ compartment, scope }: EnforcedQuery): number | undefined {
  if (compartment !== 'record') return undefined;
  if (scope?.kind === 'record') return scope.recordId;
  return scope?.records?.length === 1 ? scope.records[0]?.recordId : undefined;
}

/**
 * Creates the authorized query for a type.
 * @param rules access rules for the type; they must come from `authorize`
 * @param patientIds limits the query to these patients; undefined means all patients
 */
export function createEnforcedQuery(
  context: EnforcementContext,
  served: ServedType,
  rules: readonly AccessRule[],
  conditions: readonly EnforcedCondition[],
  patientIds?: readonly string[],
): EnforcedQuery {
  const { grant, version } = context;
  const query: Omit<EnforcedQuery, typeof enforced> = {
    compartment: served.compartment,
    type: served.stored,
    projection: projectionName(version, served),
    scope: getSearchScope(grant, served, rules, patientIds),
    filters: getAccessFilters(context, served, rules),
    conditions,
    preferredPracticeId: grant.record?.practiceId,
  };
  return query as EnforcedQuery;
}

/**
 * Returns the access rules under which a grant allows reading or searching a type.
 * @throws Problem 403 if there are none
 */
export function requireAccessRules(
  { grant, version }: EnforcementContext,
  served: ServedType,
  permission: 'r' | 's',
): readonly AccessRule[] {
  requireApiAdded(grant, version.api);
  return requireAccess(grant, permission, scopeTypeNames(served));
}

/** Returns the access rules under which a grant allows searching a type. The list is empty if it doesn't. */
export const getSearchRules = (grant: AccessGrant, served: ServedType): readonly AccessRule[] =>
  authorize(grant, 's', scopeTypeNames(served));

/**
 * Authorizes a search condition. A chain or `_has` considers only other resources that the grant allows to be searched.
 * A reference may point to several types; the types that the grant doesn't allow are dropped.
 * @throws Problem 403 if the grant allows none of these types
 */
export function enforceCondition(context: EnforcementContext, condition: SearchCondition): EnforcedCondition {
  if (condition.kind === 'alternatives') {
    const isAllowed = ({ other }: SearchLink | EmbeddedLink) =>
      other === undefined || getSearchRules(context.grant, other).length > 0;
    const allowed = condition.of.filter(isAllowed);
    const of = allowed.length === 0 ? condition.of : allowed;
    return { kind: 'alternatives', of: of.map((link) => enforceCondition(context, link)) };
  }
  if (condition.kind === 'either')
    return { kind: 'alternatives', of: condition.of.map((one) => enforceCondition(context, one)) };
  if (condition.kind === 'joined') return enforceEmbeddedLink(context, condition);
  return condition.kind === 'link' ? enforceLink(context, condition) : condition;
}

/**
 * Authorizes a condition on an embedded resource, such as a PractitionerRole that is shown inside a DSTU2 Practitioner.
 * The condition needs no scope for PractitionerRole, because the client needs one for Practitioner.
 */
function enforceEmbeddedLink(
  context: EnforcementContext,
  { direction, index, type, conditions: requested }: EmbeddedLink,
): EnforcedLink {
  const unlimited: AccessFilter = {
    compartmentId: undefined,
    granted: undefined,
    withheldLabels: undefined,
    targets: undefined,
  };
  const conditions = requested.map((one) => enforceCondition(context, one));
  const by = { kind: 'reference', index } as const;
  return {
    kind: 'linked',
    direction,
    by,
    type,
    compartment: 'practice',
    projection: undefined,
    filters: [unlimited],
    conditions,
    unmodified: true,
  };
}

function enforceLink(
  context: EnforcementContext,
  { direction, by, other, conditions: requested }: SearchLink,
): EnforcedLink {
  const rules = requireAccessRules(context, other, 's');
  const conditions = requested.map((one) => enforceCondition(context, one));
  const parts = getLinkedAccessFilters(context, other, rules);
  const projection = projectionName(context.version, other);
  return {
    kind: 'linked',
    direction,
    by,
    type: other.stored,
    compartment: other.compartment,
    projection,
    filters: parts,
    conditions,
  };
}
