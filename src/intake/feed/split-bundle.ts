import { createYielder } from '../../kernel/index.ts';
import { findStringEnd, MAX_DEPTH } from '../import/nesting.ts';
import { MAX_RESOURCE_SIZE } from '../import/size.ts';

/** Text of a Bundle, split into parts that can be parsed one after the other. */
export interface SplitBundle {
  /** Text of the Bundle without its entries. */
  readonly head: string;
  /**
   * Text of each entry. undefined for an entry that is larger than any resource may be, where strings longer than
   * LONG_STRING don't count.
   */
  readonly entries: readonly (string | undefined)[];
}

const [QUOTE, COMMA, COLON] = [0x22, 0x2c, 0x3a];
const [BRACE, END_BRACE, BRACKET, END_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
/**
 * Length in UTF-16 code units from which a string counts as data, such as an attachment. Such a string takes almost no
 * time to parse.
 */
const LONG_STRING = 65_536;
/** Number of characters that are scanned between two checks whether the scan must pause for other work. */
const CHECK_INTERVAL = 16_384;

/**
 * Splits a Bundle by its brackets and commas only. Invalid JSON yields parts that are invalid too.
 * @returns undefined if the nesting is deeper than in any resource
 */
export async function splitBundle(text: string): Promise<SplitBundle | undefined> {
  const rest = createYielder();
  const head: string[] = [];
  let entries: (string | undefined)[] = [];
  let [depth, isKey, isEntries, from, start, data, kept, looked] = [0, false, false, -1, 0, 0, 0, 0];
  const take = (end: number): void => {
    entries.push(end - start - data > MAX_RESOURCE_SIZE ? undefined : text.slice(start, end));
    start = end + 1;
    data = 0;
  };
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i);
    if (letter === QUOTE) {
      const end = findStringEnd(text, i);
      if (depth === 1 && isKey) isEntries = text.slice(i, end + 1) === '"entry"';
      if (end - i > LONG_STRING) data += end - i;
      i = end;
    } else if (letter === BRACE || letter === BRACKET) {
      depth += 1;
      if (depth > MAX_DEPTH) return undefined;
      isKey = letter === BRACE && depth === 1;
      if (letter === BRACKET && depth === 2 && isEntries) {
        // If the Bundle has several `entry` members, the last one counts, as in JSON.parse.
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
    if (i - looked >= CHECK_INTERVAL) {
      looked = i;
      await rest();
    }
  }
  head.push(text.slice(kept));
  return { head: head.join(''), entries };
}
