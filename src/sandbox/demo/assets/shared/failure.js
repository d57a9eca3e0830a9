import { messages } from './messages.js';

/** An error for the user to read, with the details that support needs. */
export class Failure extends Error {
  constructor(message, { status, code, requestId, again = false, isTemporary = false, waitFor } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    /** Whether the user may try again. */
    this.again = again;
    /** Whether the request failed for a moment only (no connection, 429 or 503). */
    this.isTemporary = isTemporary;
    /** Milliseconds until the next attempt, if the server named a short time. */
    this.waitFor = waitFor;
  }
}

const noConnection = () => new Failure(messages.failure.offline, { again: true, isTemporary: true });

/** Reads the error of a response: RFC 6749 §5.2 JSON, an OperationOutcome, or neither. */
async function readFailure(response) {
  return failureOf(response, await response.json().catch(() => ({})));
}

/** The failure of an error that fhirclient throws. The library keeps an OAuth error only as a line of its message. */
export function libraryFailure(error) {
  if (error.response === undefined) return error instanceof TypeError ? noConnection() : new Failure(error.message);
  const [, code, description] = /\n([a-z_]+)(?:: (.*))?$/.exec(error.message) ?? [];
  return failureOf(error.response, { error: code, error_description: description });
}

function failureOf({ status, headers }, body) {
  const issue = body.issue?.[0];
  const message =
    issue?.details?.text ?? issue?.diagnostics ?? body.error_description ?? messages.failure.status(status);
  const seconds = Number(headers.get('retry-after'));
  return new Failure(message, {
    status,
    code: issue?.details?.coding?.[0]?.code ?? issue?.code ?? body.error,
    requestId: headers.get('x-request-id') ?? undefined,
    again: status === 429 || status >= 500,
    isTemporary: status === 429 || status === 503,
    waitFor: seconds > 0 && seconds <= 10 ? seconds * 1000 : undefined,
  });
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Tries up to three times while the failure is temporary. */
export async function withRetry(attempt) {
  for (let number = 1; ; number++) {
    try {
      return await attempt();
    } catch (failure) {
      if (!failure.isTemporary || number === 3) throw failure;
      await wait(failure.waitFor ?? number * 700);
    }
  }
}

/** Fetches with retries. Throws a Failure unless the response is successful. */
export const fetchWithRetry = (url, options) =>
  withRetry(async () => {
    const response = await fetch(url, options).catch(() => {
      throw noConnection();
    });
    if (!response.ok) throw await readFailure(response);
    return response;
  });
