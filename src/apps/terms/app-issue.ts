/**
 * Codes of errors in the terms of an app. A published code never changes, because translated pages
 * have their own text for each.
 */
export type AppIssueCode =
  | 'name-missing'
  | 'name-too-long'
  | 'name-not-plain'
  | 'name-without-letter'
  | 'alphabets-mixed'
  | 'name-imitates'
  | 'developer-missing'
  | 'apis-missing'
  | 'scopes-missing'
  | 'scopes-unknown'
  | 'scopes-too-long'
  | 'scopes-too-granular'
  | 'scopes-need-person'
  | 'scopes-not-read'
  | 'scopes-not-system'
  | 'scopes-for-backend'
  | 'scopes-for-staff'
  | 'redirects-missing'
  | 'redirects-too-many'
  | 'redirects-of-backend'
  | 'address-too-long'
  | 'address-not-absolute'
  | 'address-with-fragment'
  | 'address-not-ascii'
  | 'address-not-exact'
  | 'address-with-credentials'
  | 'address-without-host'
  | 'address-not-https'
  | 'address-of-no-domain'
  | 'launch-not-https'
  | 'launch-not-staff'
  | 'keys-not-used'
  | 'keys-not-once'
  | 'keys-no-set'
  | 'keys-too-large'
  | 'keys-private'
  | 'keys-unusable'
  | 'key-address-not-https'
  | 'backend-without-keys'
  | 'practices-missing'
  | 'practices-not-backend'
  | 'introspection-without-proof';

/** An error in the terms of an app. */
export interface AppIssue {
  readonly code: AppIssueCode;
  /** Message in English that says how to fix the error. */
  readonly message: string;
  /** Values that the message contains, such as the address or the maximum, by parameter name. */
  readonly values?: Readonly<Record<string, string>>;
}

export const appIssue = (code: AppIssueCode, message: string, values?: AppIssue['values']): AppIssue =>
  values === undefined ? { code, message } : { code, message, values };
