import type { FetchError } from '../oauth/index.ts';
import type { IssueResponse } from './contract/issues.ts';

/** Converts a failed fetch into an issue whose message is a full sentence. */
export const toFetchIssue = ({ code, message, values }: FetchError): IssueResponse => ({
  code,
  message: `${message[0]?.toUpperCase()}${message.slice(1)}.`,
  ...(Object.keys(values).length === 0 ? {} : { values: { ...values } }),
});
