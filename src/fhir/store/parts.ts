import type { Ways } from '../core/granular.ts';
import type { About, Part } from '../core/parts.ts';
import { allOf, anyOf, conditionSql, type Subject } from './conditions.ts';

/** That a row is in one of the parts of the place; nothing, when one of them is the whole place. */
export function partsSql(rows: Subject, home: string, parts: readonly Part[]): readonly string[] {
  if (parts.some(isWhole)) return [];
  const ways = parts.map((part) => [
    ...limitSql(rows, home, part),
    ...(part.about === undefined ? [] : aboutSql(rows, part.about)),
  ]);
  return [anyOf(ways.map(allOf))];
}

const isWhole = ({ home, granted, about }: Part): boolean =>
  home === undefined && granted === undefined && about === undefined;

function limitSql(rows: Subject, column: string, { home, granted }: Omit<Part, 'about'>): readonly string[] {
  return [
    ...(home === undefined ? [] : [`${column} = ${rows.bind(home)}`]),
    ...(granted === undefined ? [] : [grantedSql(rows, granted)]),
  ];
}

/** Ways have conditions in common: each is written once, with the same placeholders wherever it stands. */
function grantedSql(rows: Subject, granted: NonNullable<Ways>): string {
  const known = new Map<string, string>();
  const sqlOf = (condition: NonNullable<Ways>[number][number]): string => {
    const key = JSON.stringify(condition);
    const sql = known.get(key) ?? conditionSql(rows, condition);
    known.set(key, sql);
    return sql;
  };
  return anyOf(granted.map((way) => allOf(way.map(sqlOf))));
}

function aboutSql(rows: Subject, { whole, some, none }: About): readonly string[] {
  return [
    tellsOf(rows, [...whole, ...some.map(({ type }) => type)]),
    ...(none.length === 0 ? [] : [`not ${tellsOf(rows, none)}`]),
    allSeenSql(rows, some),
  ];
}

const tellsOf = (rows: Subject, types: readonly string[]): string => {
  const values = types.map((code) => ({ system: undefined, code }));
  return conditionSql(rows, { kind: 'token', index: 'target-type', values });
};

/**
 * That each target is plain, and of these types among what may be found. PostgreSQL reads the text, so that no answer need
 * be read.
 */
function allSeenSql(rows: Subject, some: About['some']): string {
  const unseen = some.map((one) => unseenSql(rows, one));
  return `not exists (select from (${targetsSql(rows)}) as named where ${anyOf([`(${PLAIN}) is not true`, ...unseen])})`;
}

/**
 * `Type/id`, and no other type beside it. FHIR R4 §2.3 has addresses, identifiers and contained resources as well: of
 * these it can't be told that they are nothing of the record.
 */
const PLAIN = `named.reference ~ '^[A-Za-z]+/[A-Za-z0-9.-]+$'
  and coalesce(named.type = split_part(named.reference, '/', 1), true)`;

/**
 * That a target is of this type and not there: what is no id names nothing. `offset 0` keeps PostgreSQL from making a join
 * of it, which would try each target with each resource of the record.
 */
function unseenSql({ alias, bind }: Subject, { type, parts }: About['some'][number]): string {
  const target: Subject = { alias: 't', type, bind };
  const id = `substr(lower(named.reference), ${type.length + 2})`;
  const where = [
    `t.record_id = ${alias}.record_id and t.type = ${bind(type)}`,
    `t.id = case when ${id} ~ '${UUID}' then ${id}::uuid end`,
    anyOf(parts.map((part) => allOf(limitSql(target, 't.record_id', part)))),
  ];
  const found = `select from resource t where ${allOf(where)} offset 0`;
  return `starts_with(lower(named.reference), ${bind(`${type.toLowerCase()}/`)}) and not exists (${found})`;
}

const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/** As they were indexed: a target that stands in no list is one all the same. */
const targetsSql = ({ alias }: Subject): string =>
  `select target ->> 'reference' as reference, target ->> 'type' as type
    from json_extract_path(${alias}.content::json, 'target') as found,
      json_array_elements(case json_typeof(found) when 'array' then found else json_build_array(found) end) as target`;
