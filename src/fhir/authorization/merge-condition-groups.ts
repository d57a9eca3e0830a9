import type { RowCondition } from '../model/condition.ts';

/** Conditions that must all hold. */
export type ConditionGroup = readonly RowCondition[];

/**
 * Merges alternatives without changing what they match: `(a and b) or (a and c)` becomes `a and (b or c)`. After a partial
 * denial the grant names each remaining category in a scope of its own; merged, they are one condition on a row.
 */
export function mergeConditionGroups(alternatives: readonly ConditionGroup[]): readonly ConditionGroup[] {
  let merged: readonly (readonly KeyedCondition[])[] = alternatives.map((conditions) =>
    conditions.map(toKeyedCondition),
  );
  for (let before = Number.POSITIVE_INFINITY; merged.length > 1 && merged.length < before; ) {
    before = merged.length;
    for (const slot of new Set(merged.flatMap((conditions) => conditions.map((one) => one.slot))))
      merged = mergeAtSlot(slot, merged);
  }
  return merged.map((conditions) => conditions.map(({ condition }) => condition));
}

/** A condition with two keys: `slot` covers everything but its values, `key` covers all of it. */
interface KeyedCondition {
  readonly condition: RowCondition;
  readonly slot: string;
  readonly key: string;
}

function toKeyedCondition(condition: RowCondition): KeyedCondition {
  const key = JSON.stringify(condition);
  // A condition without values can't be merged with another, so it has a slot of its own.
  if (!('values' in condition)) return { condition, slot: key, key };
  const { values: _values, ...about } = condition;
  return { condition, slot: JSON.stringify(about), key };
}

/** Merges alternatives that differ only in this slot. */
function mergeAtSlot(
  slot: string,
  alternatives: readonly (readonly KeyedCondition[])[],
): readonly (readonly KeyedCondition[])[] {
  const merged: (readonly KeyedCondition[])[] = [];
  const groups = new Map<
    string,
    { readonly rest: readonly KeyedCondition[]; readonly own: Map<string, RowCondition> }
  >();
  for (const conditions of alternatives) {
    const [own, second] = conditions.filter((one) => one.slot === slot);
    const rest = conditions.filter((one) => one !== own);
    if (own === undefined || second !== undefined) {
      merged.push(conditions);
      continue;
    }
    const name = JSON.stringify(rest.map(({ key }) => key).sort());
    const group = groups.get(name) ?? { rest, own: new Map() };
    groups.set(name, group);
    group.own.set(own.key, own.condition);
  }
  for (const { rest, own } of groups.values())
    merged.push([...rest, toKeyedCondition(combineValues([...own.values()]))]);
  return merged;
}

/** Combines the values of conditions that share a slot. */
function combineValues(conditions: readonly RowCondition[]): RowCondition {
  const [first] = conditions;
  if (first === undefined) throw new Error('nothing to unite');
  if (conditions.length === 1) return first;
  const all = conditions.flatMap((one): readonly unknown[] => ('values' in one ? one.values : []));
  const values = new Map(all.map((value) => [JSON.stringify(value), value]));
  // Conditions that share a slot have values of the same type.
  return { ...first, values: [...values.values()] } as RowCondition;
}
