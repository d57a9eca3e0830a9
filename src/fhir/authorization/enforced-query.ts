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
 * A query after authorization. The store accepts no other, and only this file can create one. It excludes what the grant
 * doesn't allow, so rows, totals and pages need no filter afterwards.
 */
export interface EnforcedQuery {
  readonly [enforced]: true;
  /** Compartment that holds the rows of the type. */
  readonly compartment: ServedType['compartment'];
  /** Stored type. */
  readonly type: string;
  /** Further types in the same kind of compartment. Set only if the query matches every row of all these types. */
  readonly otherTypes?: readonly string[];
  readonly projection: string | undefined;
  /** Upper limit of the rows, and the first key of every statement. Undefined if no row can match. */
  readonly scope: SearchScope | undefined;
  /** A row has to match one of them. */
  readonly filters: readonly AccessFilter[];
  /** All must hold. */
  readonly conditions: readonly EnforcedCondition[];
  /** Practice of the record in context. If several practices have the same id, its row is read. */
  readonly preferredPracticeId: PracticeId | undefined;
}

/**
 * Creates the query for a type.
 * @param rules access rules for the type, which must come from `authorize`
 * @param patientIds limits the query to these patients; undefined means all
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

/** Returns the access rules for a type. @throws Problem 403 if the grant allows none */
export function requireAccessRules(
  { grant, version }: EnforcementContext,
  served: ServedType,
  permission: 'r' | 's',
): readonly AccessRule[] {
  requireApiAdded(grant, version.api);
  return requireAccess(grant, permission, scopeTypeNames(served));
}

/** Returns the access rules for searching a type. Empty if the grant allows none. */
export const getSearchRules = (grant: AccessGrant, served: ServedType): readonly AccessRule[] =>
  authorize(grant, 's', scopeTypeNames(served));

/**
 * Authorizes a condition. A condition on another resource matches only resources that the grant allows to be searched.
 * Alternatives that the grant doesn't allow are dropped.
 * @throws Problem 403 if the grant allows none of them
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

/** An embedded resource (PractitionerRole in a DSTU2 Practitioner) needs no scope: it is authorized with its parent. */
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
