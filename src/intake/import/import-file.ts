import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { OperatorError } from '../../kernel/index.ts';

/**
 * An input file. It is opened several times, because all patients must be known before resources about them are loaded.
 */
export interface ImportFile {
  /** Name of the file in reports. */
  readonly name: string;
  open(): AsyncIterable<string | Uint8Array>;
}

/** Reads a file from disk. @throws {ConfigurationError} while it is read, if the file is missing or not readable */
export const fileInput = (path: string): ImportFile => ({ name: path, open: () => readFileChunks(path) });

/**
 * Makes an input file from a text.
 * @param name name of the file in reports
 */
export const textInput = (name: string, text: string): ImportFile => ({
  name,
  async *open() {
    yield text;
  },
});

async function* readFileChunks(path: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 16 });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw new OperatorError(`The file ${path} can't be read (${code}). Check its name and permissions.`);
  }
}

/** Yields the lines of a file. Line ends and a byte order mark are removed. */
export async function* readLines(file: ImportFile): AsyncIterable<string> {
  for await (const lines of readLineBatches(file)) yield* lines;
}

/**
 * Yields the lines of a file in batches, one for each chunk of the file. Awaiting every single line would cost more
 * than processing it.
 */
export async function* readLineBatches(file: ImportFile): AsyncIterable<readonly string[]> {
  let remainder = '';
  for await (const text of readTextChunks(file)) {
    const lines = (remainder + text).split('\n');
    remainder = lines.pop() ?? '';
    yield lines;
  }
  if (remainder !== '') yield [remainder];
}

/** Reads a whole file as text. Invalid UTF-8 is marked with `NOT_UTF8`. */
export async function readText(file: ImportFile): Promise<string> {
  const parts: string[] = [];
  for await (const text of readTextChunks(file)) parts.push(text);
  return parts.join('');
}

/** Marks a place where a file contains invalid UTF-8. The marker can't occur in JSON or XML. */
export const NOT_UTF8 = '\0\uFFFD';

async function* readTextChunks(file: ImportFile): AsyncIterable<string> {
  let isFirst = true;
  let incomplete: Uint8Array = Buffer.alloc(0);
  for await (const part of file.open()) {
    if (typeof part === 'string') {
      yield part;
      continue;
    }
    const bytes = incomplete.length === 0 ? part : Buffer.concat([incomplete, part]);
    const completeLength = bytes.length - incompleteLength(bytes);
    incomplete = bytes.subarray(completeLength);
    const text = decodeUtf8(bytes.subarray(0, completeLength));
    yield isFirst ? text.replace(/^\uFEFF/, '') : text;
    isFirst &&= text === '';
  }
  if (incomplete.length > 0) yield NOT_UTF8;
}

/** Decodes UTF-8. Each line with invalid bytes is marked, so that the other lines can still be imported. */
function decodeUtf8(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return UTF8_DECODER.decode(bytes);
  const lines: string[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const at = bytes.indexOf(LINE_END, from);
    const end = at === -1 ? bytes.length : at;
    const line = bytes.subarray(from, end);
    lines.push(isUtf8(line) ? UTF8_DECODER.decode(line) : `${UTF8_DECODER.decode(line)}${NOT_UTF8}`);
    from = end + 1;
  }
  return lines.join('\n');
}
const UTF8_DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
const LINE_END = 0x0a;

/**
 * Returns the number of bytes, at most three, of an incomplete UTF-8 character at the end of a chunk. The other bytes
 * of that character are in the next chunk.
 */
function incompleteLength(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}
