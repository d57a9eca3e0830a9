/** An error for the user to read, with the details that support needs. */
export class Failure extends Error {
  constructor(message, { status, code, requestId, again = false } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    /** Whether a retry may help. */
    this.again = again;
  }
}

/** Reads the error of a response: RFC 6749 §5.2 JSON, an OperationOutcome, or neither. */
export async function readFailure(response) {
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const again = response.status === 429 || response.status >= 500;
  const body = await response.json().catch(() => ({}));
  const issue = body.issue?.[0];
  const message =
    issue?.details?.text ?? issue?.diagnostics ?? body.error_description ?? `The server answered ${response.status}.`;
  const code = issue?.details?.coding?.[0]?.code ?? issue?.code ?? body.error;
  return new Failure(message, { status: response.status, code, requestId, again });
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Retries twice after a network failure or a temporary error (429, 503). */
export async function fetchWithRetry(url, options, tries = 3) {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, options).catch(() => undefined);
    const passing = response === undefined || response.status === 429 || response.status === 503;
    if (!passing) return response;
    if (attempt === tries) {
      if (response !== undefined) return response;
      throw new Failure('There is no connection to the server.', { again: true });
    }
    const seconds = Number(response?.headers.get('retry-after'));
    await wait(seconds > 0 && seconds <= 10 ? seconds * 1000 : attempt * 700);
  }
}
