import type { FetchError } from '../oauth/index.ts';
import type { IssueResponse } from './contract/issues.ts';

/** Converts the error of a failed fetch into a field error of the API, with a full sentence as its message. */
export const toFetchIssue = ({ code, message, values }: FetchError): IssueResponse => ({
  code,
  message: `${message[0]?.toUpperCase()}${message.slice(1)}.`,
  ...(Object.keys(values).length === 0 ? {} : { values: { ...values } }),
});
