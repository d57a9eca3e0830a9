/** Something went wrong that the person should read, with what helps whoever is asked about it. */
export class Failure extends Error {
  constructor(message, { status, code, requestId, again = false } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    /** Whether trying again may help. */
    this.again = again;
  }
}

/** The fault of an answer: RFC 6749 §5.2 JSON, an OperationOutcome, or neither. */
export async function failureOf(response) {
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

/** Asks again, twice, when there was no answer or a passing fault: a train goes through a tunnel. */
export async function fetchPatiently(url, options, tries = 3) {
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
