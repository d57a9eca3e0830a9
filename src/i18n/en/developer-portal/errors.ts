/** Values that an error message inserts, by name. */
type ErrorValues<Name extends string> = Readonly<Record<Name, string>>;

/**
 * Messages for input errors, by the error codes of the JSON API. `web/i18n/error-message.ts` doesn't compile if a code
 * or a value of the API is missing here.
 */
export const errors = {
  blank: 'This field is required.',
  'too-long': ({ most }: ErrorValues<'most'>) => `Enter at most ${most} characters.`,
  'not-plain': 'Use only visible characters, without control characters.',
  'name-missing': 'Enter a name for the app.',
  'name-too-long': ({ most }: ErrorValues<'most'>) => `The name can have at most ${most} characters.`,
  'name-not-plain': 'The name can contain only visible characters.',
  'name-without-letter': 'The name must contain a letter or a digit.',
  'alphabets-mixed': 'The name can’t mix alphabets within a word.',
  'name-imitates': ({ like }: ErrorValues<'like'>) => `This name looks like “${like}”. Choose a different name.`,
  'developer-missing': 'The app has no developer name, so the developer can’t be verified.',
  'description-not-plain': 'The description can contain only visible characters.',
  'page-address': 'Enter a full URL that starts with https://, without a username or password.',
  'logo-refused':
    'This image can’t be used. Choose a non-animated PNG, JPEG or WebP under 200 KB and 2000 by 2000 pixels.',
  'kind-fixed': 'The type of an app can’t be changed. Register a new app.',
  'apis-missing': 'Select at least one API.',
  'scopes-missing': 'Select at least one scope.',
  'scopes-unknown': ({ scopes }: ErrorValues<'scopes'>) => `Unknown scopes: ${scopes}.`,
  'scopes-too-long': ({ most }: ErrorValues<'most'>) => `The scopes can have at most ${most} characters in total.`,
  'scopes-too-granular': ({ most }: ErrorValues<'most'>) =>
    `An app can register at most ${most} granular scopes. Combine values in one scope: ?category=a,b.`,
  'scopes-need-person': ({ scopes }: ErrorValues<'scopes'>) =>
    `A backend app has no user who signs in. Remove: ${scopes}.`,
  'scopes-not-read': ({ scopes }: ErrorValues<'scopes'>) =>
    `A scope must allow reading (r) or searching (s). Only backend apps can write, and only with scopes for whole types. Remove: ${scopes}.`,
  'scopes-not-system': ({ scopes }: ErrorValues<'scopes'>) =>
    `A backend app can have only system/ scopes. Remove: ${scopes}.`,
  'scopes-for-backend': ({ scopes }: ErrorValues<'scopes'>) =>
    `system/ scopes are only for backend apps. Remove: ${scopes}.`,
  'scopes-for-staff': ({ scopes }: ErrorValues<'scopes'>) => `user/ scopes are only for staff apps. Remove: ${scopes}.`,
  'redirects-missing': 'Enter at least one redirect URI.',
  'redirects-too-many': ({ most }: ErrorValues<'most'>) => `An app can have at most ${most} redirect URIs.`,
  'redirects-of-backend': 'A backend app has no user who signs in. Remove the redirect URI.',
  'address-too-long': ({ most }: ErrorValues<'most'>) => `A URL can have at most ${most} characters.`,
  'address-not-absolute': ({ address }: ErrorValues<'address'>) =>
    `${address} isn’t a full URL. Start it with https:// or a custom scheme.`,
  'address-with-fragment': ({ address }: ErrorValues<'address'>) => `${address} can’t have a fragment (#…).`,
  'address-not-ascii': ({ address }: ErrorValues<'address'>) =>
    `${address} must be plain ASCII without spaces or backslashes. Escape other characters as %XX.`,
  'address-not-exact': ({ address }: ErrorValues<'address'>) =>
    `${address} must be one exact URL, without commas or wildcards.`,
  'address-with-credentials': ({ address }: ErrorValues<'address'>) =>
    `${address} can’t contain a username or password.`,
  'address-without-host': ({ address }: ErrorValues<'address'>) =>
    `${address} must have // and a host after its scheme.`,
  'address-not-https': ({ address }: ErrorValues<'address'>) =>
    `${address} must use https. http is only for localhost.`,
  'address-of-no-domain': ({ address }: ErrorValues<'address'>) =>
    `${address} must use https or a custom scheme that you own, such as com.example.app:/callback.`,
  'launch-not-https': ({ address }: ErrorValues<'address'>) => `${address} must use https.`,
  'launch-not-staff': 'Only staff apps can have a launch URL. Remove it.',
  'keys-not-used': 'Only apps that authenticate with a private key have keys.',
  'keys-not-once': 'Provide the public keys in one way: paste them or enter their URL.',
  'keys-no-set': 'The key set must be a JSON object with an array of keys: {"keys": [...]}.',
  'keys-too-large': 'The key set is too large. Remove everything that isn’t a signing key.',
  'keys-too-deep': 'The key set is nested too deeply.',
  'keys-not-text': 'The key set contains invalid characters (NUL or unpaired surrogates).',
  'keys-private':
    'The key set contains a private or secret key. Treat that key as compromised. Create a new key and provide only its public part.',
  'keys-unusable':
    'The key set has no usable key. Add an RSA key of at least 2048 bits (RS384) or an EC key on P-384 (ES384), with a "kid".',
  'key-address-not-https': ({ address }: ErrorValues<'address'>) => `${address} must use https.`,
  'backend-without-keys': 'A backend app must authenticate with a key. Add its public keys.',
  'introspection-without-proof': 'An app that may introspect tokens must authenticate. It can’t be public.',
  'no-sandbox':
    'A backend app starts in the sandbox, and this server has no sandbox. Ask its administrators to register the app.',
  'practices-missing': 'Select at least one practice for a backend app.',
  'practices-not-backend': 'Only backend apps can have practices.',
  'group-name-taken': 'The practice already has a group with this name.',
  'group-of-everyone': 'This group contains all patients. You can’t add or remove patients.',
  'patients-unknown': ({ patients }: ErrorValues<'patients'>) =>
    `The practice has no patients with these IDs: ${patients}. Nothing was changed.`,
  'question-unknown': 'This question doesn’t exist.',
  'answer-unknown': ({ answers }: ErrorValues<'answers'>) => `Choose one of these answers: ${answers}.`,
  'fetch-not-https': 'The URL must use https.',
  'fetch-not-public': 'The host’s address isn’t public.',
  'fetch-no-host': 'The host name doesn’t exist. Check its spelling.',
  'fetch-no-dns': 'The host name can’t be looked up right now. Try again later.',
  'fetch-redirects': 'The URL redirects. Redirects aren’t followed.',
  'fetch-status': ({ status }: ErrorValues<'status'>) => `The server responded with status ${status}.`,
  'fetch-too-large': ({ kilobytes }: ErrorValues<'kilobytes'>) => `The response is larger than ${kilobytes} KB.`,
  'fetch-too-slow': ({ seconds }: ErrorValues<'seconds'>) => `The server didn’t respond within ${seconds} s.`,
  'fetch-unreachable': 'The server can’t be reached.',
  'fetch-failed': ({ reason }: ErrorValues<'reason'>) => `The server can’t be reached (${reason}).`,
  'fetch-no-json': 'The response isn’t valid JSON.',
} as const;
