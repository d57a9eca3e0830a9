import type { Language } from '../../i18n/index.ts';
import { categoryLabel } from '../category-labels.ts';
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
    const label = categoryLabel(language, stored) ?? stored;
    counts.set(label, (counts.get(label) ?? 0) + resources);
  }
  return [...counts].sort(([one, count], [other, many]) => many - count || one.localeCompare(other, language));
}
