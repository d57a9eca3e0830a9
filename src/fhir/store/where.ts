import type { EnforcedQuery } from '../core/enforce.ts';
import { enforcedSql, isPlain } from './links.ts';
import { partsSql, unseenSql } from './parts.ts';
import { type Origin, originOf, rowsAtPractice } from './place.ts';
import { notHiddenSql, projectedRowOf } from './projected.ts';
import { asFilter } from './shapes.ts';
import { allOf, type Bind, isAmong } from './sql.ts';

/** SQL of an enforced query: text with placeholders, and what goes in them. */
export interface Source extends Pick<Origin, 'home' | 'practice'> {
  /** `resource r …` with its joins. */
  readonly from: string;
  readonly where: string;
  /** Where the text to be served is. */
  readonly content: string;
  /**
   * Of what is made of a row: whether of it alone, so that it changes with the row's version and only then, and by which
   * version of the conversion. undefined: it is as it was stored.
   */
  readonly made: { readonly alone: string; readonly maker: string } | undefined;
  /** Of Provenance that may be seen in part: which of its targets are not. undefined: rows are served as they are. */
  readonly unseen: string | undefined;
  readonly bind: Bind;
  readonly parameters: readonly unknown[];
}

interface SourceOptions {
  /** Nothing of the content is wanted: what is hidden is left out, which is little, and nothing is fetched. */
  readonly counting?: boolean;
  /** Of the versions that others have replaced. */
  readonly superseded?: boolean;
  /** For a plan that is kept: of conditions nothing is taken for known. */
  readonly steady?: boolean;
  /** The rows of this practice alone, by the index of what changed there. */
  readonly practiceId?: number;
  /** Of these types at once, which are asked the same. */
  readonly types?: readonly string[];
  /** Of the statement that this becomes part of. */
  readonly parameters?: unknown[];
}

export function sourceOf(query: EnforcedQuery, options: SourceOptions = {}): Source {
  const { counting = false, superseded = false, steady = false, parameters = [], types = [query.type] } = options;
  const bind: Bind = (value) => `$${parameters.push(value)}`;
  const rows = { alias: 'r', type: query.type, bind };
  const { table, home, record, practice, isThere } =
    options.practiceId === undefined ? originOf(query, bind, superseded) : rowsAtPractice(options.practiceId, bind);
  const linked = {
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
    // An index may find when rows changed.
    where.push(steady && condition.kind !== 'updated' ? asFilter(sql) : sql);
  }
  where.push(...partsSql(rows, home, query.parts, query.conditions.filter(isPlain)));
  const projected = query.projection !== undefined;
  if (counting) where.push(...notHiddenSql({ ...query, alias: 'r' }, bind));
  return {
    from: projected && !counting ? `${table} ${projectionSql(query, bind)}` : table,
    where: allOf(where),
    content: projected ? 'p.content' : 'r.content',
    made: projected ? { alone: 'p.alone', maker: 'p.maker' } : undefined,
    // A placeholder that no text mentions has no type.
    unseen: counting ? undefined : unseenSql(rows, home, query.parts),
    home,
    practice,
    bind,
    parameters,
  };
}

/** Of directories: that a practice is one of those of the query. */
function atPracticesOf({ kept, place }: EnforcedQuery, bind: Bind): ((column: string) => string) | undefined {
  if (kept !== 'practice' || place?.kind !== 'practices') return undefined;
  return (column) => isAmong(column, place.practiceIds, 'int', bind);
}

/** Each has a part of its own in the statement. */
const FEW = 8;

const fewPractices = ({ place }: EnforcedQuery): readonly number[] | undefined =>
  place?.kind === 'practices' && place.practiceIds.length <= FEW ? place.practiceIds : undefined;

/** Of which practice a row is. */
const practiceSql = ({ kept }: EnforcedQuery, record: string): string =>
  kept === 'practice' ? 'r.practice_id' : `(select o.practice_id from record o where o.record_id = ${record})`;

/**
 * A resource without content in the projection is hidden: it must not be counted either. `offset 0` keeps PostgreSQL from
 * turning this round: it takes the join for very selective, and would sort the whole record for each page.
 */
function projectionSql(query: EnforcedQuery, bind: Bind): string {
  const { from, ofRow, alone } = projectedRowOf({ ...query, alias: 'r' }, bind);
  return `cross join lateral (
    select q.content, q.maker, ${alone} as alone from ${from}
    where ${ofRow} and q.content is not null offset 0) p`;
}
