/**
 * Returns the entries that match a text, the best first: names that begin with it, names with a word that begins with
 * it, other names that contain it, entries with this id, and entries with a synonym that begins with it. Case and
 * accents don't count.
 */
export function rankMatches<Entry>(
  entries: readonly Entry[],
  text: string,
  name: (entry: Entry) => string,
  id: (entry: Entry) => string,
  synonyms: (entry: Entry) => string = () => '',
): readonly Entry[] {
  const part = fold(text);
  const rank = (entry: Entry): number => {
    const position = ` ${fold(name(entry))}`.indexOf(` ${part}`);
    if (position !== -1) return Math.min(position, 1);
    if (fold(name(entry)).includes(part)) return 2;
    if (fold(id(entry)) === part) return 3;
    return ` ${fold(synonyms(entry))}`.includes(` ${part}`) ? 4 : NO_MATCH;
  };
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((ranked) => ranked.rank !== NO_MATCH)
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ entry }) => entry);
}

const NO_MATCH = 5;
const fold = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
