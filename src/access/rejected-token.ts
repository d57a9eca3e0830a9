import { type ClientId, Problem } from '../kernel/index.ts';

/**
 * Thrown if a token of a known app is rejected. The error carries the app's client id, so that the rejection appears in
 * the activity log of the app's developer.
 */
export class RejectedTokenProblem extends Problem {
  readonly clientId: ClientId;

  constructor(clientId: ClientId, { code, message, status, retryAfter }: Problem) {
    super(code, { message, status, ...(retryAfter === undefined ? {} : { retryAfter }) });
    this.clientId = clientId;
  }
}
