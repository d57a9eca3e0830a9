import type { WebMessages } from './en/index.ts';

/** An input error as reported by the JSON API. A code newer than this catalogue only has its English message. */
export interface ReportedError {
  readonly code?: string | undefined;
  readonly values?: Readonly<Record<string, string>> | undefined;
  readonly message: string;
}

/** An input error with the path of its field. */
export type ReportedFieldError = ReportedError & { readonly field: string };

/** Returns the message of an input error in the reader's language. */
export function errorMessage({ faults }: WebMessages, { code, values = {}, message }: ReportedError): string {
  if (code === undefined || !Object.hasOwn(faults, code)) return message;
  const messages = faults[code as keyof typeof faults] as string | ((values: ReportedError['values']) => string);
  return typeof messages === 'string' ? messages : messages(values);
}
