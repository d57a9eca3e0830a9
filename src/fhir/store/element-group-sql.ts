import type { Condition, PartTest } from '../core/condition.ts';
import { quantitySql } from './extra.ts';
import { allOf, anyOf, type Bind, type Subject } from './sql.ts';

/**
 * SQL predicate: one of the row's element groups matches all components. No index serves it, so it only filters rows
 * that were found by other conditions.
 */
export function groupSql({ alias, bind }: Subject, { index, values }: Extract<Condition, { kind: 'group' }>): string {
  const tests = values.map((parts) => allOf(parts.map((part, at) => partSql(part, at, bind))));
  return `exists (select from jsonb_array_elements(${alias}.extra -> ${bind(index)}) as parts where ${anyOf(tests)})`;
}

function partSql(part: PartTest, at: number, bind: Bind): string {
  const of = `jsonb_array_elements(parts -> ${at}) as value`;
  return `exists (select from ${of} where ${part.kind === 'quantity' ? quantitySql(part.value, bind) : textsSql(part, bind)})`;
}

/** `value` is `[system, code]` or `[type, id]`. */
function textsSql(part: Exclude<PartTest, { kind: 'quantity' }>, bind: Bind): string {
  const [of, text] = part.kind === 'token' ? [part.value.system, part.value.code] : [part.value.type, part.value.id];
  const tests = text === undefined ? [] : [`value ->> 1 = ${bind(text.toLowerCase())}`];
  if (of !== undefined) tests.push(of === '' ? 'value ->> 0 is null' : `value ->> 0 = ${bind(of)}`);
  return allOf(tests);
}
