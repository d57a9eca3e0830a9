import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { OperatorFault } from '../kernel/index.ts';

/** Something to load. It is read more than once: who is a patient must be known before what is told of them. */
export interface IntakeFile {
  /** As it is to be named when something in it is refused. */
  readonly name: string;
  open(): AsyncIterable<string | Uint8Array>;
}

export const fileInput = (path: string): IntakeFile => ({ name: path, open: () => readFile(path) });

export const textInput = (name: string, text: string): IntakeFile => ({
  name,
  async *open() {
    yield text;
  },
});

async function* readFile(path: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 16 });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw new OperatorFault(`The file ${path} can't be read (${code}). Check its name and who may read it.`);
  }
}

/** The lines of a file, without their ends; a byte order mark is left out. */
export async function* linesOf(file: IntakeFile): AsyncIterable<string> {
  for await (const lines of lineBatchesOf(file)) yield* lines;
}

/** The same, those of each part that is read at once: to wait for every line costs more than to look at it. */
export async function* lineBatchesOf(file: IntakeFile): AsyncIterable<readonly string[]> {
  let rest = '';
  for await (const text of textsOf(file)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') yield [rest];
}

export async function textOf(file: IntakeFile): Promise<string> {
  const parts: string[] = [];
  for await (const text of textsOf(file)) parts.push(text);
  return parts.join('');
}

/** Stands in a text where the file has bytes that are no UTF-8. No JSON has it, nor XML. */
export const NOT_UTF8 = '\0\uFFFD';

async function* textsOf(file: IntakeFile): AsyncIterable<string> {
  let isFirst = true;
  let cut: Uint8Array = Buffer.alloc(0);
  for await (const part of file.open()) {
    if (typeof part === 'string') {
      yield part;
      continue;
    }
    const bytes = cut.length === 0 ? part : Buffer.concat([cut, part]);
    const whole = bytes.length - lengthOfCut(bytes);
    cut = bytes.subarray(whole);
    const text = decoded(bytes.subarray(0, whole));
    yield isFirst ? text.replace(/^\uFEFF/, '') : text;
    isFirst &&= text === '';
  }
  if (cut.length > 0) yield NOT_UTF8;
}

/** Lines that are no UTF-8 are marked, the others are what they are. */
function decoded(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return utf8.decode(bytes);
  const lines: string[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const at = bytes.indexOf(LINE_END, from);
    const end = at === -1 ? bytes.length : at;
    const line = bytes.subarray(from, end);
    lines.push(isUtf8(line) ? utf8.decode(line) : `${utf8.decode(line)}${NOT_UTF8}`);
    from = end + 1;
  }
  return lines.join('\n');
}
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const LINE_END = 0x0a;

/** Of a letter at the end whose other bytes are in the next part: at most three. */
function lengthOfCut(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}
