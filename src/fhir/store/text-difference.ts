// A converted (DSTU2) text differs from the stored R4 text in a tenth of its characters. So it is stored as a difference:
// which parts of the R4 text to copy, and what to add in between. See docs/decisions/068.
//
// A difference is the length of its steps, a dot, the CRC-32 of the original, a colon, and the steps. All numbers are in
// base 36, and lengths count UTF-16 code units. `7.2s ` skips 7 characters of the original and copies the next 100.
// Without a number before the dot, it skips none; a negative number goes back. `f'argo-vitalsigns` adds the 15 characters
// after the apostrophe.

import { crc32 } from 'node:zlib';

/** Number of characters by which the place of a part in the original is found. Shorter parts aren't copied. */
const PROBE = 12;

/**
 * Number of characters after and before the end of the last copy in which a part is looked for. In a long text with many
 * parts that the original lacks, each search would otherwise read all of the original.
 */
const REACH = 4096;

/** Finds the difference between an original and a text, from which `restoreText` makes the text again. */
export function findDifference(original: string, text: string): string {
  const steps = findSteps(original, text);
  // A step may end within a character that has two code units. PostgreSQL can't store half of one.
  return withHeader(steps.isWellFormed() ? steps : addedText(text), original);
}

const withHeader = (steps: string, original: string): string =>
  `${steps.length.toString(36)}.${crc32(original).toString(36)}:${steps}`;
const addedText = (text: string): string => (text === '' ? '' : `${text.length.toString(36)}'${text}`);

function findSteps(original: string, text: string): string {
  let steps = '';
  // Ends of what is copied: in the original, and in the text.
  let [read, done] = [0, 0];
  for (let at = 0; at + PROBE <= text.length; ) {
    const found = findPart(original, text.slice(at, at + PROBE), read);
    if (found === -1) {
      at = nextToken(text, at + 1);
      continue;
    }
    const before = countEqualBefore(original, found, text, at, done);
    const [from, start] = [found - before, at - before];
    const length = countEqual(original, from, text, start);
    steps += `${addedText(text.slice(done, start))}${from === read ? '' : (from - read).toString(36)}.${length.toString(36)} `;
    read = from + length;
    done = start + length;
    at = done;
  }
  return steps + addedText(text.slice(done));
}

/**
 * Finds a part of the original: where the last copy ended, after it, or before it.
 * @returns -1 if there is none within reach
 */
function findPart(original: string, part: string, read: number): number {
  if (original.startsWith(part, read)) return read;
  const after = original.slice(read, read + REACH).indexOf(part);
  if (after !== -1) return read + after;
  const first = Math.max(0, read - REACH);
  const before = original.slice(first, read + PROBE).indexOf(part);
  return before === -1 ? -1 : first + before;
}

/** Returns the next place where a name, a value or a part of an address begins or ends. */
function nextToken(text: string, from: number): number {
  let at = from;
  while (at < text.length && !TOKEN_ENDS.has(text.charCodeAt(at))) at += 1;
  return at;
}

const TOKEN_ENDS: ReadonlySet<number> = new Set(['"', ',', ':', '/'].map((mark) => mark.charCodeAt(0)));

function countEqual(one: string, from: number, other: string, start: number): number {
  const most = Math.min(one.length - from, other.length - start);
  let count = 0;
  while (count < most && one.charCodeAt(from + count) === other.charCodeAt(start + count)) count += 1;
  return count;
}

/** Counts the equal characters before two places, but none before `first` in the other text. */
function countEqualBefore(one: string, from: number, other: string, start: number, first: number): number {
  const most = Math.min(from, start - first);
  let count = 0;
  while (count < most && one.charCodeAt(from - count - 1) === other.charCodeAt(start - count - 1)) count += 1;
  return count;
}

const [BRACE, DOT, SPACE, APOSTROPHE, MINUS] = [..."{. '-"].map((mark) => mark.charCodeAt(0));

/**
 * Restores a text from its difference, after which the original follows. A text that begins with a brace is JSON and is
 * returned as it is.
 * @throws Error if the original isn't the one from which the difference was found
 */
export function restoreText(stored: string): string {
  if (stored.charCodeAt(0) === BRACE) return stored;
  const [dot, colon] = [stored.indexOf('.'), stored.indexOf(':')];
  const end = colon + 1 + Number.parseInt(stored.slice(0, dot), 36);
  if (crc32(stored.slice(end)) !== Number.parseInt(stored.slice(dot + 1, colon), 36))
    throw new Error('a stored difference isn’t of its resource');
  let [at, read, number, sign, text] = [colon + 1, end, 0, 1, ''];
  while (at < end) {
    const mark = stored.charCodeAt(at);
    at += 1;
    if (mark === DOT) {
      read += sign * number;
      [number, sign] = [0, 1];
    } else if (mark === SPACE) {
      text += stored.slice(read, read + number);
      read += number;
      number = 0;
    } else if (mark === APOSTROPHE) {
      text += stored.slice(at, at + number);
      at += number;
      number = 0;
    } else if (mark === MINUS) sign = -1;
    else number = number * 36 + (mark < LETTERS ? mark - DIGITS : mark - LETTERS + 10);
  }
  return text;
}

const [DIGITS, LETTERS] = ['0', 'a'].map((mark) => mark.charCodeAt(0)) as [number, number];
