import type { Scope } from '../../access/index.ts';
import type { Language, Messages } from '../../i18n/index.ts';
import { type DataGroup, type ServedTypes, SUPPORTING_TYPES, scopedTypes, summarizeAccess } from '../../oauth/index.ts';

/** The data that an app can read and the data that it can't, in the groups and words of the consent page. */
export interface VisibleData {
  readonly groups: readonly DataGroup[];
  readonly hiddenGroups: readonly DataGroup[];
  /** Whether the app can read supporting data, such as practitioners and locations. */
  readonly supporting: boolean;
}

/** Describes the data that an app with these scopes can read, and the data that it can't. */
export function describeVisibleData(scopes: readonly Scope[], types: ServedTypes, language: Language): VisibleData {
  const { shared, notShared } = summarizeAccess(scopes, types, language);
  const all = scopedTypes(scopes, types);
  return {
    groups: shared,
    hiddenGroups: notShared,
    supporting: SUPPORTING_TYPES.some((type) => all.has(type)),
  };
}

/** Returns the labels of data categories by R4 resource type, for entries of the access log. */
export function categoryLabels({ dataCategories }: Messages): ReadonlyMap<string, string> {
  const types = Object.entries(dataCategories.types).map(([type, { label }]) => [type, label] as const);
  return new Map([...types, ...Object.entries(dataCategories.supporting)]);
}
