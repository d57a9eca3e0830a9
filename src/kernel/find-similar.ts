/**
 * Returns the candidate that a mistyped word most likely means. A word means a candidate if it is the beginning of only
 * this one, or if at most a third of its letters differ.
 */
export function findSimilar(word: string, candidates: readonly string[]): string | undefined {
  const [completion, ...others] = candidates.filter((candidate) => word.length > 1 && candidate.startsWith(word));
  if (completion !== undefined && others.length === 0) return completion;
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .toSorted((one, other) => one.distance - other.distance);
  return best?.candidate;
}

/**
 * Returns how many letters must be inserted, removed, replaced or swapped with their neighbor to turn one word into the
 * other: the optimal string alignment distance, a restricted Damerau-Levenshtein distance.
 */
function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(from.length, to.length);
}
