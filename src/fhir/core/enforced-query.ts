import { type Grant, permit, type Reach, requireApi, requirePermit } from '../../access/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import { type EnforceContext, namesOf } from './context.ts';
import { projectionOf } from './forms.ts';
import type { Asked, EnforcedCondition, EnforcedLink, Joined, Link } from './link.ts';
import { linkedPartsOf, type Part, type Place, partsOf, placeOf } from './parts.ts';
import type { ServedType } from './version.ts';

declare const enforced: unique symbol;

/**
 * A query that has been through authorization. The store takes no other, and only this file can make one: what a grant
 * does not allow is no part of it, so that rows, totals and pages need no filter afterwards.
 */
export interface EnforcedQuery {
  readonly [enforced]: true;
  /** Where rows of the type are kept. */
  readonly kept: ServedType['home'];
  /** As stored. */
  readonly type: string;
  /** Others, kept where it is, all of whose rows are sought as all of its are. */
  readonly also?: readonly string[];
  readonly projection: string | undefined;
  /** Whose rows: the first key of every query. undefined: nobody's. */
  readonly place: Place | undefined;
  /** A row is in one of them. */
  readonly parts: readonly Part[];
  /** All must hold. */
  readonly conditions: readonly EnforcedCondition[];
  /** That of the record in context: whose row is read when several practices have the id. */
  readonly practice: PracticeId | undefined;
}

/**
 * @param reaches what the grant allows of the type, by `permit` and nothing else
 * @param patientIds of these patients alone; undefined: of all
 */
export function queryOf(
  context: EnforceContext,
  served: ServedType,
  reaches: readonly Reach[],
  conditions: readonly EnforcedCondition[],
  patientIds?: readonly string[],
): EnforcedQuery {
  const { grant, version } = context;
  const query: Omit<EnforcedQuery, typeof enforced> = {
    kept: served.home,
    type: served.stored,
    projection: projectionOf(version, served),
    place: placeOf(grant, served, reaches, patientIds),
    parts: partsOf(context, served, reaches),
    conditions,
    practice: grant.record?.practiceId,
  };
  return query as EnforcedQuery;
}

/** What the grant allows of the type; 403 when that is nothing. */
export function reachesFor(
  { grant, version }: EnforceContext,
  served: ServedType,
  permission: 'r' | 's',
): readonly Reach[] {
  requireApi(grant, version.api);
  return requirePermit(grant, permission, namesOf(served));
}

/** What the grant allows to be searched of the type; empty: nothing. */
export const searchable = (grant: Grant, served: ServedType): readonly Reach[] => permit(grant, 's', namesOf(served));

/** What a search asks of another resource is asked of those that the grant allows to be searched, and of no other. */
export function linked(context: EnforceContext, asked: Asked): EnforcedCondition {
  if (asked.kind === 'alternatives') {
    const allowed = asked.of.filter(({ other }) => other === undefined || searchable(context.grant, other).length > 0);
    const of = allowed.length === 0 ? asked.of : allowed;
    return { kind: 'alternatives', of: of.map((link) => linked(context, link)) };
  }
  if (asked.kind === 'either') return { kind: 'alternatives', of: asked.of.map((one) => linked(context, one)) };
  if (asked.kind === 'joined') return joined(context, asked);
  return asked.kind === 'link' ? enforceLink(context, asked) : asked;
}

/** A part is under no scope of its own: it is shown with what it is a part of. */
function joined(context: EnforceContext, { direction, index, type, asked }: Joined): EnforcedLink {
  const whole = { home: undefined, granted: undefined, withheld: undefined, about: undefined };
  const conditions = asked.map((one) => linked(context, one));
  const by = { kind: 'reference', index } as const;
  return {
    kind: 'linked',
    direction,
    by,
    type,
    home: 'practice',
    projection: undefined,
    parts: [whole],
    conditions,
    unmodified: true,
  };
}

function enforceLink(context: EnforceContext, { direction, by, other, asked }: Link): EnforcedLink {
  const reaches = reachesFor(context, other, 's');
  const conditions = asked.map((one) => linked(context, one));
  const parts = linkedPartsOf(context, other, reaches);
  const projection = projectionOf(context.version, other);
  return { kind: 'linked', direction, by, type: other.stored, home: other.home, projection, parts, conditions };
}
