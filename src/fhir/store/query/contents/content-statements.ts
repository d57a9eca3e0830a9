import { type RowOf, type SqlStatement, statement } from '../../../../database/index.ts';
import type { EnforcedQuery } from '../../../authorization/enforce.ts';
import { isMainProjection } from '../../../model/projection.ts';

/** A stored text: its table, the columns of its key, and the SQL for the text. */
interface ContentTable {
  readonly table: string;
  /** Columns of its primary key. The first one is the compartment. */
  readonly key: readonly string[];
  /** Default: the column `content`. */
  readonly content?: string;
}

const columns = { at: 'int4', content: 'text' } as const;
type ContentStatement = SqlStatement<RowOf<typeof columns>>;

/**
 * Selects the contents of rows by their keys, if their versions are still those that were found. Rows that are missing or
 * have another version are left out. A standby that was promoted meanwhile returns nothing at all. A row of the table
 * `conversion` is written again with each version of its resource, so its version is enough for both. The parameters are
 * those of `contentParameters`.
 */
const selectContents = (name: string, { table, key, content = 'r.content' }: ContentTable): ContentStatement =>
  statement(
    name,
    columns,
    `select k.at::int4 as at, c.content
     from unnest($2::int8[], $3::text[], $4::uuid[], $5::xid[], $6::text[]) with ordinality
       as k (home, type, id, transaction, name, at)
     cross join lateral (
       select ${content} as content from ${table} r
       where ${key.map((column) => `r.${column} = k.${column === key[0] ? 'home' : column}`).join(' and ')}
         and r.xmin = k.transaction offset 0) as c
     where not $1::bool or (select pg_is_in_recovery())`,
  );

const CONTENT_STATEMENTS = {
  record: {
    stored: selectContents('fhir.contents.resource', { table: 'resource', key: ['record_id', 'type', 'id'] }),
    converted: selectContents('fhir.contents.converted', {
      table: 'resource',
      key: ['record_id', 'type', 'id'],
      content: 'r.converted || r.content',
    }),
    furtherConverted: selectContents('fhir.contents.conversion', {
      table: 'conversion',
      key: ['record_id', 'name', 'type', 'id'],
      content: `(select r.difference || s.content from resource s
         where s.record_id = r.record_id and s.type = r.type and s.id = r.id)`,
    }),
  },
  practice: {
    stored: selectContents('fhir.contents.shared-resource', {
      table: 'shared_resource',
      key: ['practice_id', 'type', 'id'],
    }),
    converted: selectContents('fhir.contents.shared-projection', {
      table: 'shared_projection',
      key: ['practice_id', 'name', 'type', 'id'],
    }),
  },
} as const;

/** Returns the statement that selects the contents of the rows that a query finds. */
export function contentStatement({
  compartment,
  projection,
}: Pick<EnforcedQuery, 'compartment' | 'projection'>): ContentStatement {
  if (projection === undefined) return CONTENT_STATEMENTS[compartment].stored;
  if (compartment === 'practice' || isMainProjection(projection)) return CONTENT_STATEMENTS[compartment].converted;
  return CONTENT_STATEMENTS.record.furtherConverted;
}

/** A row whose content is wanted. */
export interface ContentKey {
  readonly home: number;
  readonly type: string;
  readonly id: string;
  /** Id of the transaction that wrote the row. */
  readonly transaction: string;
  /** Name of the projection (stored conversion). */
  readonly name: string | undefined;
}

/**
 * Returns the parameters of a content statement. The arrays are passed as the texts that PostgreSQL parses: the driver
 * would quote each value. None of the values has characters that need quotes.
 * @param onStandby whether the statement runs on the standby
 */
export const contentParameters = (keys: readonly ContentKey[], onStandby: boolean): readonly unknown[] => [
  onStandby,
  ...(['home', 'type', 'id', 'transaction', 'name'] as const).map(
    (part) => `{${keys.map((key) => key[part] ?? 'null').join(',')}}`,
  ),
];

export const selectDocument = statement(
  'fhir.contents.document',
  { bytes: 'bytea' },
  `select bytes from document where record_id = $2 and id = $3 and xmin = $4::xid
     and (not $1::bool or (select pg_is_in_recovery()))`,
);

/**
 * Reads from each table that the statements here read, for the check of the standby. `limit 0` reads no row, but waits
 * for a lock and needs the right to read.
 */
export const probeContents = statement(
  'fhir.contents.probe',
  { is_readable: 'bool' },
  `select not exists (select 1 from (
     (select id from resource limit 0) union all (select id from shared_resource limit 0)
     union all (select id from conversion limit 0) union all (select id from shared_projection limit 0)
     union all (select id from document limit 0)) as read) as is_readable`,
);
