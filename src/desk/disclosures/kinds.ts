import { wordsIn } from '../../words/index.ts';
import type { ReadPatient } from './store.ts';

/** What was read, in the words that patients are told of it: a type has other names in other versions of FHIR. */
export function inWords(
  types: ReadPatient['types'],
  aliases: Readonly<Record<string, string>>,
): readonly (readonly [label: string, entries: number])[] {
  const counts = new Map<string, number>();
  for (const { type, resources } of types) {
    const stored = Object.hasOwn(aliases, type) ? (aliases[type] ?? type) : type;
    const label = LABELS.get(stored) ?? stored;
    counts.set(label, (counts.get(label) ?? 0) + resources);
  }
  return [...counts].sort(([one, few], [other, many]) => many - few || one.localeCompare(other, 'en'));
}

const { kinds } = wordsIn('en');
const LABELS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(kinds.types).map(([type, { label }]) => [type, label] as const),
  ...Object.entries(kinds.supporting),
]);
