import { writeSync } from 'node:fs';

const STANDARD_OUTPUT = 1;
/** Milliseconds to wait if the reader of a pipe is slower than the server. */
const FULL_PIPE_PAUSE = 10;

/** Beginning of a line of the level `error` or `fatal`. */
const IS_ERROR = /^\{"level":[56]0/;
/** Milliseconds for which lines are collected before they are written. */
const COLLECTED_FOR = 10;

/**
 * Returns a destination of log lines that writes the lines of a few milliseconds together, because a write costs as much
 * as formatting several lines. Lines are written at once if one is about an error, and when the process exits, but not if
 * it is killed.
 */
export function createLogOutput(): { write(line: string): void } {
  let lines = '';
  const flush = (): void => {
    const text = lines;
    lines = '';
    writeFully(text);
  };
  process.on('exit', flush);
  return {
    write(line) {
      if (lines === '') setTimeout(flush, COLLECTED_FOR).unref();
      lines += line;
      if (IS_ERROR.test(line)) flush();
    },
  };
}

function writeFully(text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(STANDARD_OUTPUT, rest));
    } catch (error) {
      // If nothing reads the output any longer, the server continues without a log.
      if ((error as { code?: unknown }).code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_PAUSE);
    }
  }
}
