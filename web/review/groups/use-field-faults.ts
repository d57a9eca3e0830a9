import { ApiProblem } from '../../shell/api.ts';
import { useFaultInWords } from '../../words/use-fault-in-words.ts';

/** What is wrong with each field, by its name, in the reader’s language; what is wrong with one of a list is of the list. */
export function useFieldFaults(error: Error | null): Readonly<Record<string, string>> {
  const say = useFaultInWords();
  const faults = error instanceof ApiProblem ? (error.answer.errors ?? []) : [];
  return Object.fromEntries(faults.map((fault) => [fault.field.split('.')[0] ?? '', say(fault)]));
}
