import { type Static, Type } from 'typebox';

/**
 * Codes of the errors in what developers and administrators enter, each with the names of the
 * values that its message contains. A code never changes, because translated pages have a text for
 * each.
 */
export const ISSUE_PARAMETERS = {
  // Error codes that every text field can have.
  blank: [],
  'too-long': ['most'],
  'not-plain': [],
  // Error codes for the name and description of an app, and for the name of its developer.
  'name-missing': [],
  'name-too-long': ['most'],
  'name-not-plain': [],
  'name-without-letter': [],
  'alphabets-mixed': [],
  'name-imitates': ['like'],
  'developer-missing': [],
  'description-not-plain': [],
  // Error codes for the web addresses of an app's own pages, and for its logo.
  'page-address': [],
  'logo-refused': [],
  // Error codes for the kind, APIs and scopes of an app.
  'kind-fixed': [],
  'apis-missing': [],
  'scopes-missing': [],
  'scopes-unknown': ['scopes'],
  'scopes-too-long': ['most'],
  'scopes-too-granular': ['most'],
  'scopes-need-person': ['scopes'],
  'scopes-not-read': ['scopes'],
  'scopes-not-system': ['scopes'],
  'scopes-for-backend': ['scopes'],
  'scopes-for-staff': ['scopes'],
  // Error codes for redirect URIs, launch URIs and addresses of key sets.
  'redirects-missing': [],
  'redirects-too-many': ['most'],
  'redirects-of-backend': [],
  'address-too-long': ['most'],
  'address-not-absolute': ['address'],
  'address-with-fragment': ['address'],
  'address-not-ascii': ['address'],
  'address-not-exact': ['address'],
  'address-with-credentials': ['address'],
  'address-without-host': ['address'],
  'address-not-https': ['address'],
  'address-of-no-domain': ['address'],
  'launch-not-https': ['address'],
  'launch-not-staff': [],
  // Error codes for the authentication method and keys of an app.
  'keys-not-used': [],
  'keys-not-once': [],
  'keys-no-set': [],
  'keys-too-large': [],
  'keys-too-deep': [],
  'keys-not-text': [],
  'keys-private': [],
  'keys-unusable': [],
  'key-address-not-https': ['address'],
  'backend-without-keys': [],
  'introspection-without-proof': [],
  // Error codes for the practices whose data a backend app may access.
  'no-sandbox': [],
  'practices-missing': [],
  'practices-not-backend': [],
  // Error codes for the name and members of a group of patients.
  'group-name-taken': [],
  'group-of-everyone': [],
  'patients-unknown': ['patients'],
  // Error codes for a developer's answers to the questions about data use.
  'question-unknown': [],
  'answer-unknown': ['answers'],
  // Error codes for an address that the server couldn't fetch.
  'fetch-not-https': [],
  'fetch-not-public': [],
  'fetch-no-host': [],
  'fetch-no-dns': [],
  'fetch-redirects': [],
  'fetch-status': ['status'],
  'fetch-too-large': ['kilobytes'],
  'fetch-too-slow': ['seconds'],
  'fetch-unreachable': [],
  'fetch-failed': ['reason'],
  'fetch-no-json': [],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type IssueCode = keyof typeof ISSUE_PARAMETERS;
/** Values of the parameters in the message of an error code. */
export type IssueValues<Code extends IssueCode> = Readonly<Record<(typeof ISSUE_PARAMETERS)[Code][number], string>>;

const CODE_LIST = Object.entries(ISSUE_PARAMETERS)
  .map(([code, values]) => `\`${code}\`${values.length === 0 ? '' : ` (${values.join(', ')})`}`)
  .join(', ');

/** Properties that the schemas of all validation errors share. */
export const ISSUE_PROPERTIES = {
  code: Type.Unsafe<IssueCode>(
    Type.String({
      description: `Stable code that programs can match. One of these, with its \`values\`: ${CODE_LIST}.`,
    }),
  ),
  values: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'Values in the message, by name. See `code`.' }),
  ),
  message: Type.String({ description: 'What is wrong and how to fix it, in English.' }),
};

export const IssueResponse = Type.Object(ISSUE_PROPERTIES);
export type IssueResponse = Static<typeof IssueResponse>;
