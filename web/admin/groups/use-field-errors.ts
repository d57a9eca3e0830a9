import { useErrorMessage } from '../../i18n/use-error-message.ts';
import { ApiProblem } from '../../shell/api.ts';

/** Messages by field name in the reader's language. An error in an element of a list belongs to the list. */
export function useFieldErrors(error: Error | null): Readonly<Record<string, string>> {
  const getMessage = useErrorMessage();
  const errors = error instanceof ApiProblem ? (error.problem.errors ?? []) : [];
  return Object.fromEntries(errors.map((fieldError) => [fieldError.field.split('.')[0] ?? '', getMessage(fieldError)]));
}
