import type { GuidePage } from './guide.ts';
import type { Rendered } from './markdown.ts';

/** A section that contains all searched words. */
export interface Hit {
  readonly page: GuidePage;
  readonly pageTitle: string;
  readonly heading: string;
  readonly slug: string;
  /** Text before the first matching word. */
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

const MOST_HITS = 30;
const MOST_WORDS = 8;
const AROUND = 80;

/** Returns the sections that contain all words; those with matches in their heading come first. */
export function search(pages: ReadonlyMap<GuidePage, Rendered>, query: string): readonly Hit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
  if (words.length === 0) return [];
  const found = [...pages].flatMap(([page, { title, sections }]) =>
    sections.flatMap((section) => {
      const heading = section.heading.toLowerCase();
      const text = section.text.toLowerCase();
      if (!words.every((word) => heading.includes(word) || text.includes(word))) return [];
      const weight = words.filter((word) => heading.includes(word)).length + (heading === words.join(' ') ? 10 : 0);
      const hit: Hit = { page, pageTitle: title, ...section, ...around(section.text, words) };
      return [{ hit, weight }];
    }),
  );
  return found
    .sort((one, other) => other.weight - one.weight)
    .slice(0, MOST_HITS)
    .map(({ hit }) => hit);
}

function around(text: string, words: readonly string[]): Pick<Hit, 'before' | 'match' | 'after'> {
  const places = words.map((word) => [text.toLowerCase().indexOf(word), word.length] as const);
  const [at, length] = places.filter(([index]) => index >= 0)[0] ?? [0, 0];
  const start = Math.max(0, at - AROUND);
  const end = at + length + AROUND;
  return {
    before: `${start > 0 ? '…' : ''}${text.slice(start, at)}`,
    match: text.slice(at, at + length),
    after: `${text.slice(at + length, end)}${end < text.length ? '…' : ''}`,
  };
}
