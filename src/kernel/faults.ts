import { Problem } from './problem.ts';

/** What a thrown value is to whoever asked: a Problem as it is, a refusal of the framework, or a fault of ours. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { statusCode, code } = (typeof error === 'object' && error !== null ? error : {}) as {
    statusCode?: number;
    code?: string;
  };
  if (statusCode === 413) {
    return new Problem('too-large', { status: 413, message: 'The request is larger than this server takes.' });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Problem('bad-request', {
      status: statusCode,
      message:
        statusCode === 415 ? FORM_EXPECTED : 'The request could not be read. Check its address, headers and body.',
    });
  }
  if (code !== undefined && NO_TEXT.test(code)) {
    return new Problem('bad-request', { status: 400, message: 'The request holds characters that are no text.' });
  }
  if (code !== undefined && DATABASE_GONE.test(code)) {
    return new Problem('unavailable', {
      status: 503,
      // Who asks the same again waits as long again.
      message:
        code === TOO_SLOW
          ? 'The database took longer to answer than this server waits. Try again later, or ask for less at once.'
          : 'The server can’t use its database at the moment. Try again shortly.',
      retryAfter: 5,
      cause: error,
    });
  }
  return new Problem('internal', {
    status: 500,
    message: 'Something went wrong on our side. Tell the operator the request id.',
    cause: error,
  });
}

const FORM_EXPECTED = 'Send the parameters as application/x-www-form-urlencoded, or in the query.';

/**
 * Connections refused or cut; PostgreSQL starting or stopping, too slow, out of a resource (class 53: disk, memory,
 * connections), in trouble with its files (class 58), read-only, as a standby is or a primary that ran out of disk, or with
 * a lock that can't be had.
 */
const DATABASE_GONE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|57P0\d|57014|53\w{3}|58\w{3}|25006|55P03|08(?!P01)\w{3})$/;
/** PostgreSQL gave up a statement after its time. */
const TOO_SLOW = '57014';
/** Text that PostgreSQL can't hold: NUL, or what is no Unicode. It came from outside. */
const NO_TEXT = /^22(021|P05)$/;

/** Where an error came from, without its message: that may hold what a request carried. */
export function traceOf(error: unknown): { name: string; code?: string; frames: readonly string[] } {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8);
  const code = (error as { code?: string }).code;
  return { name: error.name, ...(code === undefined ? {} : { code }), frames: frames.map((line) => line.trim()) };
}
