import { getMessages, type Language } from '../../i18n/index.ts';
import type { PatientDisclosure } from './store.ts';

/**
 * Returns the number of resources that the app read in each data category, under the label that patients see. Names of
 * resource types in other FHIR versions count as their R4 names.
 */
export function countByCategory(
  language: Language,
  types: PatientDisclosure['types'],
  aliases: Readonly<Record<string, string>>,
): readonly (readonly [label: string, entries: number])[] {
  const counts = new Map<string, number>();
  for (const { type, resources } of types) {
    const stored = Object.hasOwn(aliases, type) ? (aliases[type] ?? type) : type;
    const label = CATEGORY_LABELS[language].get(stored) ?? stored;
    counts.set(label, (counts.get(label) ?? 0) + resources);
  }
  return [...counts].sort(([one, count], [other, many]) => many - count || one.localeCompare(other, language));
}

/** Returns the labels of the data categories by resource type. */
function categoryLabels(language: Language): ReadonlyMap<string, string> {
  const { types, supporting } = getMessages(language).dataCategories;
  return new Map([
    ...Object.entries(types).map(([type, { label }]) => [type, label] as const),
    ...Object.entries(supporting),
  ]);
}

const CATEGORY_LABELS: Readonly<Record<Language, ReadonlyMap<string, string>>> = {
  en: categoryLabels('en'),
  es: categoryLabels('es'),
};
