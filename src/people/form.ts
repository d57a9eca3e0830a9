import { Problem } from '../kernel/index.ts';
import { type Language, wordsIn } from '../words/index.ts';
import { LONGEST_PASSWORD, type PasswordFault, SHORTEST_PASSWORD } from './password-faults.ts';

/** What a browser sent: of each field nothing is sure yet. */
export type Form = Readonly<Record<string, unknown>>;

/** A form field given twice arrives as a list: neither is taken. */
export const single = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A refusal as the person reads it beside the form. */
export function inWords(problem: Problem, language: Language): string {
  const { faults } = wordsIn(language).signIn;
  if (problem.code === 'access_denied') return problem.status === 403 ? faults.locked : faults.wrong;
  if (problem.code === 'too-many-attempts') return faults.tooMany(Math.ceil((problem.retryAfter ?? 60) / 60));
  if (problem.code === 'unavailable') return faults.busy;
  return problem.code === 'form-expired' ? faults.expired : problem.message;
}

export function passwordFaultInWords(fault: PasswordFault, language: Language): string {
  const words = wordsIn(language).signIn.passwordFaults;
  if (fault === 'too-short') return words['too-short'](SHORTEST_PASSWORD);
  return fault === 'too-long' ? words['too-long'](LONGEST_PASSWORD) : words[fault];
}

/** Told in the words of a form; anything else is thrown on. */
export function problemIn(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}
