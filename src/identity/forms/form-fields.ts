import { getMessages, type Language } from '../../i18n/index.ts';
import { Problem } from '../../kernel/index.ts';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, type PasswordError } from '../passwords/validate-password.ts';

/** Fields of a submitted form. They are not validated yet. */
export type IdentityFormFields = Readonly<Record<string, unknown>>;

/** Returns the value of a form field. A field that is sent twice arrives as an array and counts as missing. */
export const singleValue = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Returns the message that a form shows for a sign-in error. */
export function signInErrorMessage(problem: Problem, language: Language): string {
  const { errors } = getMessages(language).signIn;
  if (problem.code === 'access_denied') return problem.status === 403 ? errors.locked : errors.wrong;
  if (problem.code === 'too-many-attempts') return errors.tooMany(Math.ceil((problem.retryAfter ?? 60) / 60));
  if (problem.code === 'unavailable') return errors.busy;
  return problem.code === 'form-expired' ? errors.expired : problem.message;
}

/** Returns the message that a form shows for a password validation error. */
export function passwordErrorMessage(error: PasswordError, language: Language): string {
  const messages = getMessages(language).signIn.passwordErrors;
  if (error === 'too-short') return messages['too-short'](MIN_PASSWORD_LENGTH);
  return error === 'too-long' ? messages['too-long'](MAX_PASSWORD_LENGTH) : messages[error];
}

/** Returns the error if it is a Problem, whose message a form can show. Otherwise throws the error again. */
export function requireProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}
