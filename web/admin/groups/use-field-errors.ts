import { useErrorMessage } from '../../i18n/use-error-message.ts';
import { ApiProblem } from '../../shell/api.ts';

/**
 * Returns the error messages of a failed request in the reader's language, by field name. An error in an element of a
 * list counts as an error of the list.
 */
export function useFieldErrors(error: Error | null): Readonly<Record<string, string>> {
  const getMessage = useErrorMessage();
  const errors = error instanceof ApiProblem ? (error.problem.errors ?? []) : [];
  return Object.fromEntries(errors.map((fieldError) => [fieldError.field.split('.')[0] ?? '', getMessage(fieldError)]));
}
