import { Problem } from '../../kernel/index.ts';
import type { Parameters } from '../parameters.ts';
import { type Subject, subjectOf } from './good.ts';

/** An `invalid_grant` error for a known token, which lets the audit event name the grant. */
export class RefusedGrant extends Problem {
  readonly subject: Subject;

  constructor(subject: Subject, message: string) {
    super('invalid_grant', { status: 400, message });
    this.subject = subject;
  }
}

export const refused = (found: Subject, message: string): Problem => new RefusedGrant(subjectOf(found), message);

export const invalidGrant = (message: string): Problem => new Problem('invalid_grant', { status: 400, message });

export function required(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (value !== undefined) return value;
  throw new Problem('invalid_request', { status: 400, message: `${name} is missing.` });
}

/** Elapsed time as text such as `31 s`. */
export const secondsBetween = (earlier: Date, now: Date): string =>
  `${Math.max(0, Math.round((now.getTime() - earlier.getTime()) / 1000))} s`;
