/**
 * Joins the entries of a Bundle with the text around them. All of it is joined in one step: adding a text to the long
 * text of the entries afterwards would copy that once more when it is sent.
 */
export function joinEntries(start: string, entries: readonly string[], end: string): string {
  const parts = [...entries];
  parts[0] = start + (parts[0] ?? '');
  parts.push((parts.pop() ?? '') + end);
  return parts.join(',');
}
