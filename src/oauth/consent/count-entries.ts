import type { SensitiveLabel } from '../../domain/index.ts';
import type { AccountId, RecordId } from '../../kernel/index.ts';
import type { RecordEntryCounter, RecordEntryKind, ServedTypes } from '../ports.ts';
import { categoryKeys, RESOURCE_CATEGORIES } from '../scopes/resource-categories.ts';
import { type CategoryGroup, groupByCategory } from './category-groups.ts';
import { type ConsentItemDefinition, REQUIRED_TYPE } from './consent-items.ts';
import type { ConsentOffer } from './consent-offer.ts';

/** The largest number that the consent page shows. It shows more entries as `500+`. */
export const MAX_COUNTED_ENTRIES = 500;

/**
 * Numbers of entries in the groups of the consent page. A group has none if the app asks for a part that can't be
 * counted by its categories.
 */
export type GroupCounts = Readonly<Partial<Record<CategoryGroup, number>>>;

/**
 * Counts the entries that each group of the consent page would share. Entries that need a separate permission are left
 * out, so that no number reveals whether there are any.
 * @param reader the person who decides, and the record to share
 */
export async function countGroupEntries(
  deps: {
    readonly counter: RecordEntryCounter;
    readonly types: ServedTypes;
    readonly sensitive: readonly SensitiveLabel[];
  },
  { items }: Pick<ConsentOffer, 'items'>,
  reader: { readonly accountId: AccountId; readonly recordId: RecordId },
): Promise<GroupCounts> {
  const kinds = groupByCategory(items).flatMap(([name, own]) => listKinds(name, own, deps.types) ?? []);
  if (kinds.length === 0) return {};
  const counted = await deps.counter.countShareable(reader, {
    kinds,
    withheld: deps.sensitive,
    max: MAX_COUNTED_ENTRIES,
  });
  return Object.fromEntries(counted);
}

/** Lists what to count for a group. Undefined if the number would not be the number of entries that are shared. */
function listKinds(
  name: CategoryGroup,
  items: readonly ConsentItemDefinition[],
  types: ServedTypes,
): readonly RecordEntryKind[] | undefined {
  if (items.some(({ coversUnnamedData, type }) => coversUnnamedData || type === REQUIRED_TYPE)) return undefined;
  const byType = Map.groupBy(
    items.filter(({ type }) => types.inRecord.includes(type)),
    ({ type }) => type,
  );
  return [...byType].map(([type, own]) => {
    const isWhole = categoryKeys(type).every((key) => own.some((item) => item.key === key));
    const names = own.flatMap(({ category }) => category ?? []);
    const parts = RESOURCE_CATEGORIES[type] ?? {};
    return { name, type, categories: isWhole ? [] : names.flatMap((part) => parts[part]?.codings ?? []) };
  });
}
