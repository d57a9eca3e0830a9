import { Problem } from '../kernel/index.ts';
import { type Language, wordsIn } from '../words/index.ts';
import { LONGEST_PASSWORD, type PasswordFault, SHORTEST_PASSWORD } from './password-faults.ts';

/** Fields of a submitted form, not yet validated. */
export type Form = Readonly<Record<string, unknown>>;

/** Returns a field's value. A repeated field arrives as an array and counts as missing. */
export const single = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Returns the message that the form shows for a sign-in error. */
export function inWords(problem: Problem, language: Language): string {
  const { faults: errors } = wordsIn(language).signIn;
  if (problem.code === 'access_denied') return problem.status === 403 ? errors.locked : errors.wrong;
  if (problem.code === 'too-many-attempts') return errors.tooMany(Math.ceil((problem.retryAfter ?? 60) / 60));
  if (problem.code === 'unavailable') return errors.busy;
  return problem.code === 'form-expired' ? errors.expired : problem.message;
}

/** Returns the message that a form shows for a password validation error. */
export function passwordFaultInWords(error: PasswordFault, language: Language): string {
  const messages = wordsIn(language).signIn.passwordFaults;
  if (error === 'too-short') return messages['too-short'](SHORTEST_PASSWORD);
  return error === 'too-long' ? messages['too-long'](LONGEST_PASSWORD) : messages[error];
}

/** Returns the error if a form can show it; rethrows any other error. */
export function problemIn(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}
