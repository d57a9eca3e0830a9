import type { EnforcedCondition } from '../../../authorization/enforced-link.ts';
import { type IndexToken, valueToken } from '../../index/token-hash.ts';

const categoryToken = (code: string): IndexToken => valueToken('category', { system: undefined, code });

/** Search index values of the categories whose resources have an index by date (migration 052). */
export const LABORATORY = categoryToken('laboratory');
export const VITAL_SIGNS = categoryToken('vital-signs');

/** How a condition uses an index of one category. */
interface CategoryIndexUse {
  /** SQL predicate of the index. It has no parameters, because PostgreSQL compares it with the predicate of the index. */
  readonly predicate: string;
  /** True if the predicate says the same as the condition. It doesn't if the condition names a code system. */
  readonly isWhole: boolean;
}

/** Returns how a condition uses an index of one category. Undefined if it requires no category that has an index. */
export function findCategoryIndex(condition: EnforcedCondition): CategoryIndexUse | undefined {
  if (condition.kind !== 'token' || condition.index !== 'category') return undefined;
  const [value, ...others] = condition.values;
  if (value?.code === undefined || others.length > 0) return undefined;
  const token = categoryToken(value.code);
  if (token !== LABORATORY && token !== VITAL_SIGNS) return undefined;
  return { predicate: `r.flags && '{${token}}'::int8[]`, isWhole: value.system === undefined };
}
