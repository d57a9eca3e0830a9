import type { Words } from './en/index.ts';

/** A fault as the JSON API tells it: of a code that came later only the English text is known. */
export interface ToldFault {
  readonly code?: string | undefined;
  readonly values?: Readonly<Record<string, string>> | undefined;
  readonly message: string;
}

/** What is wrong with one field, by its path. */
export type FieldFault = ToldFault & { readonly field: string };

/** What is wrong, in the reader’s language. */
export function faultInWords({ faults }: Words, { code, values = {}, message }: ToldFault): string {
  if (code === undefined || !Object.hasOwn(faults, code)) return message;
  const words = faults[code as keyof typeof faults] as string | ((values: ToldFault['values']) => string);
  return typeof words === 'string' ? words : words(values);
}
