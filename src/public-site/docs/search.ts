import type { GuidePage } from './guide.ts';
import type { RenderedPage } from './markdown.ts';

/** A section of the documentation that contains all words of the search. */
export interface DocsSearchHit {
  readonly page: GuidePage;
  readonly pageTitle: string;
  readonly heading: string;
  readonly slug: string;
  /** Text of the section before the first word that matches the search. */
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

const MAX_HITS = 30;
const MAX_WORDS = 8;
const EXCERPT_LENGTH = 80;

/**
 * Returns the sections of the documentation that contain all searched words. Sections with a
 * matching heading come first.
 */
export function searchDocs(pages: ReadonlyMap<GuidePage, RenderedPage>, query: string): readonly DocsSearchHit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
  if (words.length === 0) return [];
  const found = [...pages].flatMap(([page, { title, sections }]) =>
    sections.flatMap((section) => {
      const heading = section.heading.toLowerCase();
      const text = section.text.toLowerCase();
      if (!words.every((word) => heading.includes(word) || text.includes(word))) return [];
      const weight = words.filter((word) => heading.includes(word)).length + (heading === words.join(' ') ? 10 : 0);
      const hit: DocsSearchHit = { page, pageTitle: title, ...section, ...excerpt(section.text, words) };
      return [{ hit, weight }];
    }),
  );
  return found
    .sort((one, other) => other.weight - one.weight)
    .slice(0, MAX_HITS)
    .map(({ hit }) => hit);
}

function excerpt(text: string, words: readonly string[]): Pick<DocsSearchHit, 'before' | 'match' | 'after'> {
  const matches = words.map((word) => [text.toLowerCase().indexOf(word), word.length] as const);
  const [at, length] = matches.filter(([index]) => index >= 0)[0] ?? [0, 0];
  const start = at <= EXCERPT_LENGTH ? 0 : wordStart(text, at - EXCERPT_LENGTH, at);
  const end = at + length + EXCERPT_LENGTH;
  return {
    before: `${start > 0 ? '…' : ''}${text.slice(start, at)}`,
    match: text.slice(at, at + length),
    after: end < text.length ? `${text.slice(at + length, wordEnd(text, end, at + length))}…` : text.slice(at + length),
  };
}

/** Returns where the first whole word from a position begins, but not after `last`. */
function wordStart(text: string, position: number, last: number): number {
  const blank = text.indexOf(' ', position);
  return blank === -1 || blank >= last ? last : blank + 1;
}

/** Returns where the last whole word up to a position ends, but not before `first`. */
const wordEnd = (text: string, position: number, first: number): number =>
  Math.max(first, text.lastIndexOf(' ', position));
