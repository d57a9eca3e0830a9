import { ApiProblem } from '../../shell/api.ts';
import { useFaultInWords } from '../../words/use-fault-in-words.ts';

/** Messages by field name in the reader's language. An error in an element of a list belongs to the list. */
export function useFieldFaults(error: Error | null): Readonly<Record<string, string>> {
  const getMessage = useFaultInWords();
  const errors = error instanceof ApiProblem ? (error.answer.errors ?? []) : [];
  return Object.fromEntries(errors.map((fieldError) => [fieldError.field.split('.')[0] ?? '', getMessage(fieldError)]));
}
