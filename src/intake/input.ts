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
    if (code === undefined || !/^E(NOENT|ACCES|ISDIR|PERM)$/.test(code)) throw error;
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

async function* textsOf(file: IntakeFile): AsyncIterable<string> {
  const decoder = new TextDecoder();
  for await (const part of file.open()) {
    yield typeof part === 'string' ? part : decoder.decode(part, { stream: true });
  }
  yield decoder.decode();
}
