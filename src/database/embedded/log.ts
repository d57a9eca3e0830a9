import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Limits for quoting PostgreSQL's log: bytes read, and lines shown. */
const MAX_BYTES = 16 * 1024;
const MAX_LINES = 6;

/** Returns the last part of what was appended to a log since it was `from` bytes long, at most 16 KB. */
export function readLog(log: string, from: number): string {
  const file = openSync(log, 'r');
  try {
    const { size } = fstatSync(file);
    const begin = Math.max(from, size - MAX_BYTES);
    const bytes = Buffer.alloc(Math.max(0, size - begin));
    readSync(file, bytes, 0, bytes.length, begin);
    return bytes.toString('utf8');
  } finally {
    closeSync(file);
  }
}

/** The last lines, indented for display below a message. */
export const lastLines = (text: string): string =>
  text
    .trim()
    .split('\n')
    .slice(-MAX_LINES)
    .map((line) => `\n  ${line}`)
    .join('');
