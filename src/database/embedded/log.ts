import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Limits for quoting PostgreSQL's log in an error: bytes that are read, and lines that are shown. */
const MAX_BYTES = 16 * 1024;
const MAX_LINES = 6;

/**
 * Returns the end of PostgreSQL's log, at most 16 KB.
 * @param from position in the log file, in bytes, before which nothing is returned
 */
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

/** Returns the last lines of a text, indented below an error message. */
export const lastLines = (text: string): string =>
  text
    .trim()
    .split('\n')
    .slice(-MAX_LINES)
    .map((line) => `\n  ${line}`)
    .join('');
