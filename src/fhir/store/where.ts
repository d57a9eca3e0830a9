import type { EnforcedQuery } from '../core/enforce.ts';
import { enforcedSql, isPlain, type LinkedRows } from './links.ts';
import { partsSql, unseenSql } from './parts.ts';
import { type Origin, originOf, rowsAtPractice } from './place.ts';
import { notHiddenSql, projectedRowOf } from './projected.ts';
import { asFilter } from './shapes.ts';
import { allOf, type Bind, isAmong } from './sql.ts';

/** SQL of an enforced query, with its parameters. */
export interface Source extends Pick<Origin, 'home' | 'practice'> {
  /** `resource r …` with its joins. */
  readonly from: string;
  readonly where: string;
  /** SQL of the text to serve. */
  readonly content: string;
  /**
   * For projected (DSTU2) content: SQL that tells whether it depends only on this row, and SQL of the converter version
   * that produced it. undefined for content served as stored.
   */
  readonly made: { readonly alone: string; readonly maker: string } | undefined;
  /** SQL of the positions of Provenance targets that must be left out; undefined if rows are served as stored. */
  readonly unseen: string | undefined;
  readonly bind: Bind;
  readonly parameters: readonly unknown[];
}

interface SourceOptions {
  /**
   * Builds a query that doesn't read the content. Hidden rows are excluded by a condition, because they are few, and
   * the projection is not joined.
   */
  readonly counting?: boolean;
  /** Reads replaced versions from the history instead of current rows. */
  readonly superseded?: boolean;
  /** For a prepared plan: gives conditions a neutral estimate (see `withFilterSelectivity`). */
  readonly genericPlan?: boolean;
  /** Reads only this practice's rows, through the index of changes. */
  readonly practiceId?: number;
  /** Reads several types that share all conditions. */
  readonly types?: readonly string[];
  /** Parameters of the statement that this SQL becomes part of. */
  readonly parameters?: unknown[];
}

export function sourceOf(query: EnforcedQuery, options: SourceOptions = {}): Source {
  const { counting = false, superseded = false, genericPlan = false, parameters = [], types = [query.type] } = options;
  const bind: Bind = (value) => `$${parameters.push(value)}`;
  const rows = { alias: 'r', type: query.type, bind };
  const { table, home, record, practice, isThere } =
    options.practiceId === undefined ? originOf(query, bind, superseded) : rowsAtPractice(options.practiceId, bind);
  const linked: LinkedRows = {
    ...rows,
    home,
    record,
    isOneRecord: query.kept === 'record' && query.place?.kind === 'record',
    practice: practiceSql(query, record),
    practiceIds: fewPractices(query),
    atPractices: atPracticesOf(query, bind),
    parts: query.parts,
  };
  const where = [isThere, isAmong('r.type', types, 'text', bind)];
  for (const condition of query.conditions) {
    const sql = enforcedSql(linked, condition);
    // Conditions on the last update stay plain, because an index can serve them.
    where.push(genericPlan && condition.kind !== 'updated' ? asFilter(sql) : sql);
  }
  where.push(...partsSql(rows, home, query.parts, query.conditions.filter(isPlain)));
  const projected = query.projection !== undefined;
  if (counting) where.push(...notHiddenSql({ ...query, alias: 'r' }, bind));
  return {
    from: projected && !counting ? `${table} ${projectionSql(query, bind)}` : table,
    where: allOf(where),
    content: projected ? 'p.content' : 'r.content',
    made: projected ? { alone: 'p.alone', maker: 'p.maker' } : undefined,
    // PostgreSQL rejects a placeholder that the SQL never mentions.
    unseen: counting ? undefined : unseenSql(rows, home, query.parts),
    home,
    practice,
    bind,
    parameters,
  };
}

/** For directory rows: builds an SQL predicate that restricts a practice column to the query's practices. */
function atPracticesOf({ kept, place }: EnforcedQuery, bind: Bind): ((column: string) => string) | undefined {
  if (kept !== 'practice' || place?.kind !== 'practices') return undefined;
  return (column) => isAmong(column, place.practiceIds, 'int', bind);
}

/** Each practice gets its own branch in the SQL. */
const FEW = 8;

const fewPractices = ({ place }: EnforcedQuery): readonly number[] | undefined =>
  place?.kind === 'practices' && place.practiceIds.length <= FEW ? place.practiceIds : undefined;

/** SQL of the row's practice. */
const practiceSql = ({ kept }: EnforcedQuery, record: string): string =>
  kept === 'practice' ? 'r.practice_id' : `(select o.practice_id from record o where o.record_id = ${record})`;

/**
 * Joins the projection. A resource without content in it is hidden and must not be counted either. `offset 0` keeps
 * PostgreSQL from reordering the join: it would take it for very selective and sort the whole record for each page.
 */
function projectionSql(query: EnforcedQuery, bind: Bind): string {
  const { from, ofRow, alone } = projectedRowOf({ ...query, alias: 'r' }, bind);
  return `cross join lateral (
    select q.content, q.maker, ${alone} as alone from ${from}
    where ${ofRow} and q.content is not null offset 0) p`;
}
