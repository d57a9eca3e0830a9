import { faultInWords, type ToldFault } from './fault.ts';
import { useWords } from './index.ts';

export function useFaultInWords(): (fieldError: ToldFault) => string {
  const messages = useWords();
  return (fieldError) => faultInWords(messages, fieldError);
}
