import { type ClientId, Problem } from '../kernel/index.ts';

/**
 * Rejection of a known token. It carries the app, so that the error appears in the activity log of the app's developer.
 */
export class RejectedTokenProblem extends Problem {
  readonly clientId: ClientId;

  constructor(clientId: ClientId, { code, message, status, retryAfter }: Problem) {
    super(code, { message, status, ...(retryAfter === undefined ? {} : { retryAfter }) });
    this.clientId = clientId;
  }
}
