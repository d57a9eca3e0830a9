import type { RowCondition } from '../model/condition.ts';

/** A group of conditions. A resource must meet all of them. */
export type ConditionGroup = readonly RowCondition[];

/**
 * Simplifies alternative groups of conditions without changing what they match: `(a and b) or (a and c)` becomes `a and
 * (b or c)`. If a patient shares only some categories, the grant has one granular scope for each of them. Merged, these
 * scopes become a single condition to test.
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

/**
 * A condition with two texts that identify it. `slot` describes everything but the values of the condition. Two
 * conditions with the same slot are merged by combining their values. `key` describes the values too.
 */
interface KeyedCondition {
  readonly condition: RowCondition;
  readonly slot: string;
  readonly key: string;
}

function toKeyedCondition(condition: RowCondition): KeyedCondition {
  const key = JSON.stringify(condition);
  // Conditions are merged by combining their values, so a condition without values can't be merged with another.
  if (!('values' in condition)) return { condition, slot: key, key };
  const { values: _values, ...about } = condition;
  return { condition, slot: JSON.stringify(about), key };
}

/**
 * Merges groups that are equal except for the values of one condition. `slot` identifies that condition without its
 * values.
 */
function mergeAtSlot(
  slot: string,
  alternatives: readonly (readonly KeyedCondition[])[],
): readonly (readonly KeyedCondition[])[] {
  const merged: (readonly KeyedCondition[])[] = [];
  const groups = new Map<
    string,
    { readonly rest: readonly KeyedCondition[]; readonly slotConditions: Map<string, RowCondition> }
  >();
  for (const conditions of alternatives) {
    const [inSlot, second] = conditions.filter((one) => one.slot === slot);
    const rest = conditions.filter((one) => one !== inSlot);
    if (inSlot === undefined || second !== undefined) {
      merged.push(conditions);
      continue;
    }
    const name = JSON.stringify(rest.map(({ key }) => key).sort());
    const group = groups.get(name) ?? { rest, slotConditions: new Map() };
    groups.set(name, group);
    group.slotConditions.set(inSlot.key, inSlot.condition);
  }
  for (const { rest, slotConditions } of groups.values())
    merged.push([...rest, toKeyedCondition(combineValues([...slotConditions.values()]))]);
  return merged;
}

/** Returns one condition with the values of all given conditions, which differ only in their values. */
function combineValues(conditions: readonly RowCondition[]): RowCondition {
  const [first] = conditions;
  if (first === undefined) throw new Error('nothing to unite');
  if (conditions.length === 1) return first;
  const all = conditions.flatMap((one): readonly unknown[] => ('values' in one ? one.values : []));
  const values = new Map(all.map((value) => [JSON.stringify(value), value]));
  // The conditions differ only in their values, so these values have the same type.
  return { ...first, values: [...values.values()] } as RowCondition;
}
