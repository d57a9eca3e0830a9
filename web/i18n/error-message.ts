import type { WebMessages } from '../../src/i18n/en/web.ts';
import type { ISSUE_PARAMETERS, IssueCode, IssueValues } from '../../src/portal-api/contract/issues.ts';

/** An input error as reported by the JSON API. A code newer than this catalog only has its English message. */
export interface ReportedError {
  readonly code?: string | undefined;
  readonly values?: Readonly<Record<string, string>> | undefined;
  readonly message: string;
}

/** An input error with the path of its field. */
export type ReportedFieldError = ReportedError & { readonly field: string };

/** The texts that the catalog needs: one for every error code of the JSON API, or a function of the code's values. */
type ErrorMessages = {
  readonly [Code in IssueCode]: (typeof ISSUE_PARAMETERS)[Code] extends readonly []
    ? string
    : (values: IssueValues<Code>) => string;
};

/** Returns the message of an input error in the reader's language. */
export function errorMessage({ errors }: WebMessages, { code, values = {}, message }: ReportedError): string {
  const complete: ErrorMessages = errors;
  if (code === undefined || !Object.hasOwn(complete, code)) return message;
  const text = complete[code as IssueCode] as string | ((values: ReportedError['values']) => string);
  return typeof text === 'string' ? text : text(values);
}
