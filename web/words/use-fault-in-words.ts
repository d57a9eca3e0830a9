import { faultInWords, type ToldFault } from './fault.ts';
import { useWords } from './index.ts';

export function useFaultInWords(): (fault: ToldFault) => string {
  const words = useWords();
  return (fault) => faultInWords(words, fault);
}
