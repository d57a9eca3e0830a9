import type { ElementPartTest, RowCondition } from '../../../model/condition.ts';
import { quantitySql } from './extra-sql.ts';
import { andSql, type BindParameter, orSql, type SqlRows } from './sql.ts';

/**
 * SQL predicate for a composite parameter: one repetition of an element matches all components. No database index
 * helps, so the predicate only filters resources that other conditions find.
 */
export function elementGroupSql(
  { alias, bind }: SqlRows,
  { index, values }: Extract<RowCondition, { kind: 'group' }>,
): string {
  // Citus 15 mixes up the columns of a function that is joined like a table, so the function is in a subquery.
  const parts = `(select e.parts from jsonb_array_elements(${alias}.extra -> ${bind(index)}) as e (parts)) as element`;
  return orSql(
    values.map((tests) => {
      const joined = tests.map((part, at) => `cross join lateral (${groupPartSql(part, at, bind)}) as part_${at}`);
      return `exists (select 1 from ${parts} ${joined.join(' ')})`;
    }),
  );
}

/** SQL that selects the values of a component that match. */
function groupPartSql(part: ElementPartTest, at: number, bind: BindParameter): string {
  const test = part.kind === 'quantity' ? quantitySql(part.value, bind) : textPairSql(part, bind);
  return `select 1 from jsonb_array_elements(element.parts -> ${at}) as one (value) where ${test}`;
}

/**
 * SQL predicate on one stored component value. The column `value` is `[system, code]` or, for a reference, `[type,
 * id]`.
 */
function textPairSql(part: Exclude<ElementPartTest, { kind: 'quantity' }>, bind: BindParameter): string {
  const [of, text] = part.kind === 'token' ? [part.value.system, part.value.code] : [part.value.type, part.value.id];
  const tests = text === undefined ? [] : [`value ->> 1 = ${bind(text.toLowerCase())}`];
  if (of !== undefined) tests.push(of === '' ? 'value ->> 0 is null' : `value ->> 0 = ${bind(of)}`);
  return andSql(tests);
}
