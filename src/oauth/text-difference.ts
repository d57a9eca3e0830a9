/** Returns the one-based position of the first difference between two texts. */
export function findFirstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at + 1;
}
