import { type Grant, permit, type Reach, requireApi, requirePermit } from '../../access/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import { type EnforceContext, namesOf } from './context.ts';
import type { EnforcedCondition, EnforcedLink } from './enforced-link.ts';
import { projectionOf } from './forms.ts';
import type { Asked, Joined, Link } from './link.ts';
import { linkedPartsOf, type Part, type Place, partsOf, placeOf } from './parts.ts';
import type { ServedType } from './version.ts';

declare const enforced: unique symbol;

/**
 * A query after authorization. The store accepts no other, and only this file can create one. It excludes what the grant
 * doesn't allow, so rows, totals and pages need no filter afterwards.
 */
export interface EnforcedQuery {
  readonly [enforced]: true;
  /** Compartment that holds the rows of the type. */
  readonly kept: ServedType['home'];
  /** Stored type. */
  readonly type: string;
  /** Further types in the same kind of compartment. Set only if the query matches every row of all these types. */
  readonly also?: readonly string[];
  readonly projection: string | undefined;
  /** Upper limit of the rows, and the first key of every statement. Undefined if no row can match. */
  readonly place: Place | undefined;
  /** A row has to match one of them. */
  readonly parts: readonly Part[];
  /** All must hold. */
  readonly conditions: readonly EnforcedCondition[];
  /** Practice of the record in context. If several practices have the same id, its row is read. */
  readonly practice: PracticeId | undefined;
}

/**
 * Creates the query for a type.
 * @param rules access rules for the type, which must come from `authorize`
 * @param patientIds limits the query to these patients; undefined means all
 */
export function queryOf(
  context: EnforceContext,
  served: ServedType,
  rules: readonly Reach[],
  conditions: readonly EnforcedCondition[],
  patientIds?: readonly string[],
): EnforcedQuery {
  const { grant, version } = context;
  const query: Omit<EnforcedQuery, typeof enforced> = {
    kept: served.home,
    type: served.stored,
    projection: projectionOf(version, served),
    place: placeOf(grant, served, rules, patientIds),
    parts: partsOf(context, served, rules),
    conditions,
    practice: grant.record?.practiceId,
  };
  return query as EnforcedQuery;
}

/** Returns the access rules for a type. @throws Problem 403 if the grant allows none */
export function reachesFor(
  { grant, version }: EnforceContext,
  served: ServedType,
  permission: 'r' | 's',
): readonly Reach[] {
  requireApi(grant, version.api);
  return requirePermit(grant, permission, namesOf(served));
}

/** Returns the access rules for searching a type. Empty if the grant allows none. */
export const searchable = (grant: Grant, served: ServedType): readonly Reach[] => permit(grant, 's', namesOf(served));

/**
 * Authorizes a condition. A condition on another resource matches only resources that the grant allows to be searched.
 * Alternatives that the grant doesn't allow are dropped.
 * @throws Problem 403 if the grant allows none of them
 */
export function linked(context: EnforceContext, condition: Asked): EnforcedCondition {
  if (condition.kind === 'alternatives') {
    const isAllowed = ({ other }: Link | Joined) => other === undefined || searchable(context.grant, other).length > 0;
    const allowed = condition.of.filter(isAllowed);
    const of = allowed.length === 0 ? condition.of : allowed;
    return { kind: 'alternatives', of: of.map((link) => linked(context, link)) };
  }
  if (condition.kind === 'either') return { kind: 'alternatives', of: condition.of.map((one) => linked(context, one)) };
  if (condition.kind === 'joined') return joined(context, condition);
  return condition.kind === 'link' ? enforceLink(context, condition) : condition;
}

/** An embedded resource (PractitionerRole in a DSTU2 Practitioner) needs no scope: it is authorized with its parent. */
function joined(context: EnforceContext, { direction, index, type, asked: requested }: Joined): EnforcedLink {
  const unlimited: Part = { home: undefined, granted: undefined, withheld: undefined, about: undefined };
  const conditions = requested.map((one) => linked(context, one));
  const by = { kind: 'reference', index } as const;
  return {
    kind: 'linked',
    direction,
    by,
    type,
    home: 'practice',
    projection: undefined,
    parts: [unlimited],
    conditions,
    unmodified: true,
  };
}

function enforceLink(context: EnforceContext, { direction, by, other, asked: requested }: Link): EnforcedLink {
  const rules = reachesFor(context, other, 's');
  const conditions = requested.map((one) => linked(context, one));
  const parts = linkedPartsOf(context, other, rules);
  const projection = projectionOf(context.version, other);
  return { kind: 'linked', direction, by, type: other.stored, home: other.home, projection, parts, conditions };
}
