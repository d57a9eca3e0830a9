import { Problem } from '../../kernel/index.ts';
import type { OAuthParameters } from '../parameters.ts';
import { selectSubject, type TokenSubject } from './active-token.ts';

/**
 * An `invalid_grant` error about a token that is in the database. The audit event can therefore name the grant of the
 * token.
 */
export class InvalidGrantProblem extends Problem {
  readonly subject: TokenSubject;

  constructor(subject: TokenSubject, message: string) {
    super('invalid_grant', { status: 400, message });
    this.subject = subject;
  }
}

export const invalidGrantOf = (subject: TokenSubject, message: string): Problem =>
  new InvalidGrantProblem(selectSubject(subject), message);

export const invalidGrant = (message: string): Problem => new Problem('invalid_grant', { status: 400, message });

export function requireParameter(parameters: OAuthParameters, name: string): string {
  const value = parameters[name];
  if (value !== undefined) return value;
  throw new Problem('invalid_request', { status: 400, message: `${name} is missing.` });
}

/** Formats the time that has passed since an event, such as `31 s`. */
export const formatElapsedSeconds = (earlier: Date, now: Date): string =>
  `${Math.max(0, Math.round((now.getTime() - earlier.getTime()) / 1000))} s`;
