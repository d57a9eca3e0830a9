import { pace } from '../../kernel/index.ts';
import { endOfString, MOST_LEVELS } from '../nesting.ts';
import { LARGEST_RESOURCE } from '../size.ts';

/** A Bundle as text, taken apart so that it need not be parsed in one go. */
export interface SplitBundle {
  /** Without its entries. */
  readonly head: string;
  /** undefined: more than any resource may have, without its long texts. */
  readonly entries: readonly (string | undefined)[];
}

const [QUOTE, COMMA, COLON] = [0x22, 0x2c, 0x3a];
const [BRACE, END_BRACE, BRACKET, END_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
/** Letters after which a text is data: parsing it takes no time. */
const LONG = 65_536;
/** Letters between two looks at the clock. */
const STEP = 16_384;

/**
 * Finds the entries of a Bundle by its brackets and commas alone. What is no JSON comes out as parts that are none.
 * @returns undefined: it is nested deeper than any resource
 */
export async function splitBundle(text: string): Promise<SplitBundle | undefined> {
  const rest = pace();
  const head: string[] = [];
  let entries: (string | undefined)[] = [];
  let [depth, isKey, isEntries, from, start, data, kept, looked] = [0, false, false, -1, 0, 0, 0, 0];
  const take = (end: number): void => {
    entries.push(end - start - data > LARGEST_RESOURCE ? undefined : text.slice(start, end));
    start = end + 1;
    data = 0;
  };
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i);
    if (letter === QUOTE) {
      const end = endOfString(text, i);
      if (depth === 1 && isKey) isEntries = text.slice(i, end + 1) === '"entry"';
      if (end - i > LONG) data += end - i;
      i = end;
    } else if (letter === BRACE || letter === BRACKET) {
      depth += 1;
      if (depth > MOST_LEVELS) return undefined;
      isKey = letter === BRACE && depth === 1;
      if (letter === BRACKET && depth === 2 && isEntries) {
        // Of two members with one name the later holds, as in JSON.parse.
        [entries, from, start, data] = [[], i, i + 1, 0];
        head.push(text.slice(kept, i + 1));
      }
    } else if (letter === END_BRACE || letter === END_BRACKET) {
      if (depth === 2 && from !== -1) {
        if (entries.length > 0 || text.slice(start, i).trim() !== '') take(i);
        [from, kept] = [-1, i];
      }
      depth -= 1;
    } else if (letter === COMMA) {
      if (depth === 2 && from !== -1) take(i);
      if (depth === 1) [isKey, isEntries] = [true, false];
    } else if (letter === COLON && depth === 1) isKey = false;
    if (i - looked >= STEP) {
      looked = i;
      await rest();
    }
  }
  head.push(text.slice(kept));
  return { head: head.join(''), entries };
}
