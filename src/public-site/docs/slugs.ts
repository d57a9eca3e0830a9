/**
 * Creates a function that turns the headings of one page into anchors. Other sites link to them, so
 * the same heading always gets the same anchor.
 */
export function createSlugger(): (heading: string) => string {
  const used = new Map<string, number>();
  return (heading) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9_\s/.-]/g, '')
      .trim()
      .replaceAll(/[\s/.]+/g, '-')
      .replace(/-$/, '');
    const before = used.get(slug) ?? 0;
    used.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before + 1}`;
  };
}
