import type { Condition } from './condition.ts';

/** Conditions that all must hold. */
export type Way = readonly Condition[];

/**
 * The same ways, fewer: `a and b` or `a and c` is `a and (b or c)`. What is left of a denial names each category that is
 * not denied by itself; all of them are one condition on a row.
 */
export function mergeWays(ways: readonly Way[]): readonly Way[] {
  let merged: readonly (readonly Keyed[])[] = ways.map((way) => way.map(keyed));
  for (let before = Number.POSITIVE_INFINITY; merged.length > 1 && merged.length < before; ) {
    before = merged.length;
    for (const slot of new Set(merged.flatMap((way) => way.map((one) => one.slot)))) merged = mergedAt(slot, merged);
  }
  return merged.map((way) => way.map(({ condition }) => condition));
}

/** A condition with what tells it from others: what it is about, and all of it. */
interface Keyed {
  readonly condition: Condition;
  readonly slot: string;
  readonly key: string;
}

function keyed(condition: Condition): Keyed {
  const key = JSON.stringify(condition);
  // One without values of its own stands for itself.
  if (!('values' in condition)) return { condition, slot: key, key };
  const { values: _values, ...about } = condition;
  return { condition, slot: JSON.stringify(about), key };
}

/** Those that differ in one slot alone become one. */
function mergedAt(slot: string, ways: readonly (readonly Keyed[])[]): readonly (readonly Keyed[])[] {
  const kept: (readonly Keyed[])[] = [];
  const groups = new Map<string, { readonly rest: readonly Keyed[]; readonly own: Map<string, Condition> }>();
  for (const way of ways) {
    const [own, second] = way.filter((one) => one.slot === slot);
    const rest = way.filter((one) => one !== own);
    if (own === undefined || second !== undefined) {
      kept.push(way);
      continue;
    }
    const name = JSON.stringify(rest.map(({ key }) => key).sort());
    const group = groups.get(name) ?? { rest, own: new Map() };
    groups.set(name, group);
    group.own.set(own.key, own.condition);
  }
  for (const { rest, own } of groups.values()) kept.push([...rest, keyed(united([...own.values()]))]);
  return kept;
}

/** Any of the values of any of them. @param conditions of one slot */
function united(conditions: readonly Condition[]): Condition {
  const [first] = conditions;
  if (first === undefined) throw new Error('nothing to unite');
  if (conditions.length === 1) return first;
  const all = conditions.flatMap((one): readonly unknown[] => ('values' in one ? one.values : []));
  const values = new Map(all.map((value) => [JSON.stringify(value), value]));
  // Conditions of one slot have values of one kind.
  return { ...first, values: [...values.values()] } as Condition;
}
