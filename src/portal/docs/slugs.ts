/** Names of headings in addresses: they are linked to from elsewhere, so the same text has the same one. One of these for each page. */
export function slugs(): (heading: string) => string {
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
