import type { EnforcedQuery } from '../core/enforce.ts';
import type { Ways } from '../core/granular.ts';
import type { About, Part, Place } from '../core/parts.ts';
import { allOf, anyOf, type Bind, conditionSql, isAmong, type Subject } from './conditions.ts';
import { prefixOfReference } from './token-hash.ts';

type Kept = EnforcedQuery['kept'];

/** That a row is in one of the parts. The tenant is the first condition of each, and comes from the grant alone. */
export const partsSql = (rows: Subject, kept: Kept, parts: readonly Part[]): string =>
  anyOf(parts.map((part) => partSql(rows, kept, part)));

function partSql(rows: Subject, kept: Kept, { place, granted, about }: Part): string {
  const where = [kept === 'record' ? recordSql(rows, place) : directorySql(rows, place)];
  if (granted !== undefined) where.push(grantedSql(rows, granted));
  if (about !== undefined) where.push(aboutSql(rows, about));
  return allOf(where);
}

/**
 * As an array or a single value PostgreSQL finds the records first and then their rows by key; a semi-join beside another
 * part, under an `or`, would read the whole table. A practice has one record of a patient.
 */
function recordSql({ alias, bind }: Subject, place: Place): string {
  if (place.kind === 'record') return `${alias}.record_id = ${bind(place.recordId)}`;
  const records = activeRecords('record_id', place, bind);
  const isOne = place.practiceIds.length === 1 && place.patientIds?.length === 1;
  return isOne ? `${alias}.record_id = (${records})` : `${alias}.record_id = any(array(${records}))`;
}

/** Whoever names patients gets the directories of the practices that know them. */
function directorySql({ alias, bind }: Subject, place: Place): string {
  const column = `${alias}.practice_id`;
  if (place.kind === 'record') throw new Error('a record has no directory');
  if (place.patientIds === undefined) return isAmong(column, place.practiceIds, 'int', bind);
  return `${column} = any(array(${activeRecords('practice_id', place, bind)}))`;
}

/** Neither merged into others nor erased. */
function activeRecords(
  column: 'record_id' | 'practice_id',
  { practiceIds, patientIds }: Extract<Place, { kind: 'practices' }>,
  bind: Bind,
): string {
  const where = [isAmong('x.practice_id', practiceIds, 'int', bind), "x.state = 'active'"];
  if (patientIds !== undefined) where.push(isAmong('x.patient_id', patientIds, 'uuid', bind));
  return `select x.${column} from record x where ${allOf(where)}`;
}

const grantedSql = (rows: Subject, granted: NonNullable<Ways>): string =>
  anyOf(granted.map((way) => allOf(way.map((condition) => conditionSql(rows, condition)))));

function aboutSql(rows: Subject, { whole, shown }: About): string {
  const values = whole.map((code) => ({ system: undefined, code }));
  const ofTypes = conditionSql(rows, { kind: 'token', index: 'target-type', values });
  return anyOf([ofTypes, ...shown.map(({ type, parts }) => shownSql(rows, type, parts))]);
}

/**
 * That a target of this type is itself among what may be found. A reference is `"Type/id"` in the text, and other elements
 * have references, too: whether it is a target is told by its token. `offset 0` keeps PostgreSQL from making a join of it,
 * which would try each row with each resource of its record.
 */
function shownSql(rows: Subject, type: string, parts: readonly Part[]): string {
  const { alias, bind } = rows;
  const target: Subject = { alias: 't', type, bind };
  const named = `regexp_matches(${alias}.content, ${bind(`"${type}/(${UUID})"`)}, 'g') as m (found)`;
  return `exists (
    select from resource t
    where t.record_id = ${alias}.record_id and t.type = ${bind(type)}
      and t.id = any(array(select m.found[1]::uuid from ${named}))
      and ${targetToken(bind(prefixOfReference('target', type)))} = any(${alias}.codes)
      and ${partsSql(target, 'record', parts)} offset 0)`;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** As `tokenOfReference` makes it: the first 64 bits of the digest. */
const targetToken = (prefix: string): string =>
  `('x' || encode(substr(sha256(${prefix}::bytea || convert_to(t.id::text, 'UTF8')), 1, 8), 'hex'))::bit(64)::int8`;
