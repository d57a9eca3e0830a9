import type { GuidePage } from './guide.ts';
import type { PageSection, RenderedPage } from './markdown.ts';

/** A section of the documentation that a search found. */
export interface DocsSearchHit {
  readonly page: GuidePage;
  readonly pageTitle: string;
  readonly heading: string;
  readonly slug: string;
  /** Text of the section before the first word that matches the search. */
  readonly before: string;
  /** The matching word. Empty if the excerpt is the fix of an error, because the heading is what matches. */
  readonly match: string;
  readonly after: string;
}

const MAX_HITS = 30;
const MAX_WORDS = 8;
const EXCERPT_LENGTH = 80;
/** Page whose sections each describe one error code. */
const ERRORS: GuidePage = 'errors';
const FIX = 'Fix:';
const FIX_LENGTH = 240;

interface SearchTerms {
  readonly words: readonly string[];
  /** The words as one code, in both spellings: `scope denied` is `scope-denied` and `scope_denied`. */
  readonly joined: readonly string[];
  /** All words of the query that can be a code, also from a pasted response such as `{"error":"invalid_grant"}`. */
  readonly codes: ReadonlySet<string>;
}

/**
 * Returns the sections of the documentation that contain all searched words, the best first: an error code of the query,
 * then errors with the FHIR issue type or status of the query, then sections with a matching heading. A code is found in a
 * pasted error response too, whatever else the response contains.
 */
export function searchDocs(pages: ReadonlyMap<GuidePage, RenderedPage>, query: string): readonly DocsSearchHit[] {
  const terms = searchTerms(query);
  if (terms.words.length === 0) return [];
  const found = [...pages].flatMap(([page, { title, sections }]) =>
    sections.flatMap((section) => {
      const weight = page === ERRORS ? errorWeight(section, terms) : 0;
      if (weight < CODE_WEIGHT && !containsAll(section, terms.words)) return [];
      const text = weight > 0 ? fix(section.text) : excerpt(section.text, terms.words);
      const hit: DocsSearchHit = { page, pageTitle: title, ...section, ...text };
      return [{ hit, weight: weight + headingWeight(section, terms) }];
    }),
  );
  return found
    .sort((one, other) => other.weight - one.weight)
    .slice(0, MAX_HITS)
    .map(({ hit }) => hit);
}

function searchTerms(query: string): SearchTerms {
  const lower = query.toLowerCase();
  // Quotes and brackets around a word come from a pasted response.
  const trimmed = lower.split(/\s+/).map((word) => word.replaceAll(/^["'`“‘([{]+|["'`”’)\]},;]+$/g, ''));
  const words = trimmed.filter(Boolean).slice(0, MAX_WORDS);
  return {
    words,
    joined: [words.join('-'), words.join('_')],
    codes: new Set(lower.split(/[^a-z0-9_-]+/)),
  };
}

function containsAll({ heading, text }: PageSection, words: readonly string[]): boolean {
  const [own, content] = [heading.toLowerCase(), text.toLowerCase()];
  return words.every((word) => own.includes(word) || content.includes(word));
}

const CODE_WEIGHT = 100;
const ISSUE_WEIGHT = 50;
const STATUS_WEIGHT = 40;

/** Returns how well a section about an error code matches. Zero for a section that isn't about a code. */
function errorWeight({ heading, text }: PageSection, { words, joined, codes }: SearchTerms): number {
  if (!text.includes(FIX)) return 0;
  if (codes.has(heading) || joined.includes(heading)) return CODE_WEIGHT;
  const [meaning = ''] = text.split(FIX);
  if (words.length !== 1) return 0;
  if ([...meaning.matchAll(/issue\.code ([a-z-]+)/g)].some(([, type]) => type === words[0])) return ISSUE_WEIGHT;
  return /^\d{3}$/.test(words[0] ?? '') && meaning.startsWith(words[0] ?? '') ? STATUS_WEIGHT : 0;
}

function headingWeight({ heading }: PageSection, { words }: SearchTerms): number {
  const own = heading.toLowerCase();
  return words.filter((word) => own.includes(word)).length + (own === words.join(' ') ? 10 : 0);
}

/** Returns what to do about an error, which is what people search its code for. */
function fix(text: string): Excerpt {
  const all = text.slice(text.indexOf(FIX));
  const before = all.length <= FIX_LENGTH ? all : `${all.slice(0, wordEnd(all, FIX_LENGTH, 0))}…`;
  return { before, match: '', after: '' };
}

type Excerpt = Pick<DocsSearchHit, 'before' | 'match' | 'after'>;

function excerpt(text: string, words: readonly string[]): Excerpt {
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
