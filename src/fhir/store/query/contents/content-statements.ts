import { type RowOf, type SqlStatement, statement } from '../../../../database/index.ts';
import type { EnforcedQuery } from '../../../authorization/enforce.ts';
import { isMainProjection } from '../../../model/projection.ts';

/** Stored texts: their tables, the key by which they are found, and the SQL for a text. */
interface ContentTable {
  /** The table `r`, and what is joined to it. */
  readonly from: string;
  readonly compartment: 'record_id' | 'practice_id';
  /** True if the projection is a part of the key. */
  readonly isNamed?: boolean;
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
 *
 * PostgreSQL looks up each key on its own. It would read whole records otherwise, if it expects many keys.
 * @param homeSql the compartment of a row
 */
const selectContents = (name: string, table: ContentTable, homeSql = 'k.home'): ContentStatement =>
  statement(
    name,
    columns,
    `select k.at::int4 as at, c.content from ${KEYS}
     cross join lateral (
       select ${table.content ?? 'r.content'} as content from ${table.from} where ${sameKeySql(table, homeSql)} offset 0) as c
     where ${IS_NEEDED}`,
  );

/** Selects rows of several patient records. A distributed database can't run such a statement key by key. */
const selectContentsOfSeveral = (name: string, table: ContentTable): ContentStatement =>
  statement(
    name,
    columns,
    `select k.at::int4 as at, ${table.content ?? 'r.content'} as content from ${KEYS}
     join ${table.from} on ${sameKeySql(table, 'k.home')} where ${IS_NEEDED}`,
  );

const KEYS = `unnest($2::int8[], $3::text[], $4::uuid[], $5::xid[], $6::text[]) with ordinality
       as k (home, type, id, transaction, name, at)`;
const IS_NEEDED = '(not $1::bool or (select pg_is_in_recovery()))';

const sameKeySql = ({ compartment, isNamed = false }: ContentTable, homeSql: string): string =>
  `r.${compartment} = ${homeSql} ${isNamed ? 'and r.name = k.name collate "C" ' : ''}and r.type = k.type collate "C" and r.id = k.id
       and r.xmin = k.transaction`;

/** Statements for rows of one patient record, which name it once, and for rows of several. */
const recordContents = (name: string, table: Omit<ContentTable, 'compartment'>) => ({
  one: selectContents(name, { ...table, compartment: 'record_id' }, '($2::int8[])[1]'),
  several: selectContentsOfSeveral(`${name}-of-several`, { ...table, compartment: 'record_id' }),
});
const practiceContents = (name: string, table: Omit<ContentTable, 'compartment'>) => {
  const several = selectContents(name, { ...table, compartment: 'practice_id' });
  return { one: several, several };
};

const CONTENT_STATEMENTS = {
  record: {
    stored: recordContents('fhir.contents.resource', { from: 'resource r' }),
    converted: recordContents('fhir.contents.converted', { from: 'resource r', content: 'r.converted || r.content' }),
    furtherConverted: recordContents('fhir.contents.conversion', {
      from: 'conversion r join resource s on s.record_id = r.record_id and s.type = r.type and s.id = r.id',
      isNamed: true,
      content: 'r.difference || s.content',
    }),
  },
  practice: {
    stored: practiceContents('fhir.contents.shared-resource', { from: 'shared_resource r' }),
    converted: practiceContents('fhir.contents.shared-projection', { from: 'shared_projection r', isNamed: true }),
  },
} as const;

/** Returns the statements that select the contents of the rows that a query finds, by the number of their compartments. */
export function contentStatements({ compartment, projection }: Pick<EnforcedQuery, 'compartment' | 'projection'>): {
  readonly one: ContentStatement;
  readonly several: ContentStatement;
} {
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
