import { ApiProblem } from '../../shell/api.ts';
import { useFaultInWords } from '../../words/use-fault-in-words.ts';

/** Messages by field name in the reader's language. An error in an element of a list belongs to the list. */
export function useFieldFaults(error: Error | null): Readonly<Record<string, string>> {
  const say = useFaultInWords();
  const faults = error instanceof ApiProblem ? (error.answer.errors ?? []) : [];
  return Object.fromEntries(faults.map((fault) => [fault.field.split('.')[0] ?? '', say(fault)]));
}
