import { Problem } from './problem.ts';

/**
 * Converts a thrown value into a Problem for the client. Returns a Problem unchanged, maps 4xx errors of the web
 * framework and database errors, and turns everything else into `internal`.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { statusCode, code } = (typeof error === 'object' && error !== null ? error : {}) as {
    statusCode?: number;
    code?: string;
  };
  if (statusCode === 413) {
    return new Problem('too-large', { status: 413, message: 'The request is larger than this server accepts.' });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Problem('bad-request', {
      status: statusCode,
      message:
        statusCode === 415 ? FORM_EXPECTED : 'The request couldn’t be read. Check its address, headers and body.',
    });
  }
  if (code !== undefined && UNSTORABLE_TEXT.test(code)) {
    return new Problem('bad-request', {
      status: 400,
      message: 'The request contains invalid characters (NUL or unpaired surrogates).',
    });
  }
  if (isDatabaseUnavailable(error)) {
    return new Problem('unavailable', {
      status: 503,
      // A request that timed out would take just as long again, so the message suggests requesting less.
      message:
        code === STATEMENT_TIMEOUT
          ? 'The database took too long to respond. Try again later, or request less at once.'
          : 'The database is unavailable at the moment. Try again shortly.',
      retryAfter: 5,
      cause: error,
    });
  }
  return new Problem('internal', {
    status: 500,
    message: 'Something went wrong on our side. Send the request id to the operator.',
    cause: error,
  });
}

const FORM_EXPECTED = 'Send the parameters as application/x-www-form-urlencoded, or in the query.';

/** Tells whether an error means that the database can't be used at the moment. */
export const isDatabaseUnavailable = (error: unknown): boolean =>
  DATABASE_UNAVAILABLE.test(String((error as { code?: unknown } | null | undefined)?.code));

/**
 * Error codes and SQLSTATEs that mean that the database is unavailable: its host can't be reached, the connection was
 * refused or lost, or a lock can't be acquired. Others mean that PostgreSQL is starting or stopping, too slow, out of a resource (class 53: disk,
 * memory, connections), failing on its files (class 58) or read-only (a standby, or a primary that ran out of disk).
 */
const DATABASE_UNAVAILABLE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|E(HOST|NET)(UNREACH|DOWN)|57P0\d|57014|53\w{3}|58\w{3}|25006|55P03|08(?!P01)\w{3})$/;
/** SQLSTATE query_canceled: PostgreSQL canceled a statement at its timeout. */
const STATEMENT_TIMEOUT = '57014';
/** SQLSTATEs for text that PostgreSQL can't store: NUL characters or invalid Unicode. */
const UNSTORABLE_TEXT = /^22(021|P05)$/;

/**
 * Returns the name, code and stack frames of an error for the log. The message is left out, because it may contain data
 * of the request.
 */
export function errorTrace(error: unknown): { name: string; code?: string; frames: readonly string[] } {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8);
  const code = (error as { code?: string }).code;
  return { name: error.name, ...(code === undefined ? {} : { code }), frames: frames.map((line) => line.trim()) };
}
