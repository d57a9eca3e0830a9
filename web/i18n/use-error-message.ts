import { errorMessage, type ReportedError } from './error-message.ts';
import { useMessages } from './index.ts';

export function useErrorMessage(): (fieldError: ReportedError) => string {
  const messages = useMessages();
  return (fieldError) => errorMessage(messages, fieldError);
}
