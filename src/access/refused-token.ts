import { type ClientId, Problem } from '../kernel/index.ts';

/** A refusal of a token that is known: of which app it is, so that its developer can be told. */
export class RefusedToken extends Problem {
  readonly clientId: ClientId;

  constructor(clientId: ClientId, { code, message, status, retryAfter }: Problem) {
    super(code, { message, status, ...(retryAfter === undefined ? {} : { retryAfter }) });
    this.clientId = clientId;
  }
}
