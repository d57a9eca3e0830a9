import type { Ways } from '../core/granular.ts';
import type { About, Part } from '../core/parts.ts';
import { allOf, anyOf, conditionSql, type Subject } from './conditions.ts';
import { prefixOfReference } from './token-hash.ts';

/** That a row is in one of the parts of the place; nothing, when one of them is the whole place. */
export function partsSql(rows: Subject, home: string, parts: readonly Part[]): readonly string[] {
  if (parts.some(isWhole)) return [];
  const ways = parts.map((part) => [
    ...limitSql(rows, home, part),
    ...(part.about === undefined ? [] : [aboutSql(rows, part.about)]),
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

const grantedSql = (rows: Subject, granted: NonNullable<Ways>): string =>
  anyOf(granted.map((way) => allOf(way.map((condition) => conditionSql(rows, condition)))));

function aboutSql(rows: Subject, { whole, shown }: About): string {
  const values = whole.map((code) => ({ system: undefined, code }));
  const ofTypes = conditionSql(rows, { kind: 'token', index: 'target-type', values });
  return anyOf([ofTypes, ...shown.map((one) => shownSql(rows, one))]);
}

/**
 * That a target of this type is itself among what may be found. `offset 0` keeps PostgreSQL from making a join of it, which
 * would try each row with each resource of its record.
 */
function shownSql({ alias, bind }: Subject, shown: About['shown'][number]): string {
  const { type } = shown;
  const target: Subject = { alias: 't', type, bind };
  const where = [
    `t.record_id = ${alias}.record_id and t.type = ${bind(type)}`,
    `t.id = any(array(${idsNamed(`${alias}.content`, bind(`"${type}/`))}))`,
    `${targetToken(bind(prefixOfReference('target', type)))} = any(${alias}.codes)`,
    ...limitSql(target, 't.record_id', shown),
  ];
  return `exists (select from resource t where ${allOf(where)} offset 0)`;
}

/**
 * The ids in references of a text, `"Type/id"`, which are not those of targets alone: the token tells. Only what is a UUID
 * may be read as one; one pattern for both tests would take five times as long, and each row has many references.
 */
const idsNamed = (content: string, start: string): string =>
  `select left(part, 36)::uuid from string_to_table(${content}, ${start}) as part
   where part like '________-____-____-____-____________"%'
     and left(part, 37) ~ '^[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+"'`;

/** As `tokenOfReference` makes it: the first 64 bits of the digest. */
const targetToken = (prefix: string): string =>
  `('x' || encode(substr(sha256(${prefix}::bytea || convert_to(t.id::text, 'UTF8')), 1, 8), 'hex'))::bit(64)::int8`;
