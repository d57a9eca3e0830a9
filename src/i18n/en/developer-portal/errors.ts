/** Values that an error message inserts, by name. */
type ErrorValues<Name extends string> = Readonly<Record<Name, string>>;

/**
 * Messages for input errors, by the error codes of the JSON API. `web/i18n/error-message.ts` doesn't compile if a code
 * or a value of the API is missing here.
 */
export const errors = {
  blank: 'Write something here.',
  'too-long': ({ most }: ErrorValues<'most'>) => `Write at most ${most} characters.`,
  'not-plain': 'Write plain visible text.',
  'name-missing': 'An app needs a name.',
  'name-too-long': ({ most }: ErrorValues<'most'>) => `A name has at most ${most} characters.`,
  'name-not-plain': 'A name must be plain visible text.',
  'name-without-letter': 'A name needs a letter or a digit.',
  'alphabets-mixed': 'A name must not mix alphabets within a word.',
  'name-imitates': ({ like }: ErrorValues<'like'>) => `This name looks like “${like}”. Choose a name of your own.`,
  'developer-missing': 'Who makes the app is not said, so nobody can have made sure of it.',
  'description-not-plain': 'The description must be plain visible text.',
  'page-address': 'Write a whole address that begins with https://, without a name or password.',
  'logo-refused':
    'This picture can’t be taken. Choose a PNG, JPEG or WebP that stands still, under 200 KB and 2000 pixels.',
  'kind-fixed': 'For whom an app is can’t be changed. Register another app.',
  'apis-missing': 'An app needs at least one API.',
  'scopes-missing': 'An app needs at least one scope.',
  'scopes-unknown': ({ scopes }: ErrorValues<'scopes'>) => `These are no scopes: ${scopes}.`,
  'scopes-too-long': ({ most }: ErrorValues<'most'>) => `Scopes have at most ${most} characters together.`,
  'scopes-too-granular': ({ most }: ErrorValues<'most'>) =>
    `An app registers at most ${most} granular scopes. Name several values in one: ?category=a,b.`,
  'scopes-need-person': ({ scopes }: ErrorValues<'scopes'>) =>
    `Nobody signs in to a backend app. Leave out: ${scopes}.`,
  'scopes-not-read': ({ scopes }: ErrorValues<'scopes'>) =>
    `A scope must allow reading (r) or searching (s): only backend apps write, and whole types alone. Leave out: ${scopes}.`,
  'scopes-not-system': ({ scopes }: ErrorValues<'scopes'>) =>
    `A backend app has system/ scopes only. Leave out: ${scopes}.`,
  'scopes-for-backend': ({ scopes }: ErrorValues<'scopes'>) =>
    `system/ scopes are for backend apps. Leave out: ${scopes}.`,
  'scopes-for-staff': ({ scopes }: ErrorValues<'scopes'>) => `user/ scopes are for staff apps. Leave out: ${scopes}.`,
  'redirects-missing': 'An app needs at least one callback URL.',
  'redirects-too-many': ({ most }: ErrorValues<'most'>) => `An app has at most ${most} callback URLs.`,
  'redirects-of-backend': 'Nobody signs in to a backend app: leave out its callback URL.',
  'address-too-long': ({ most }: ErrorValues<'most'>) => `An address has at most ${most} characters.`,
  'address-not-absolute': ({ address }: ErrorValues<'address'>) =>
    `${address} is no whole address. It begins with https:// or a scheme.`,
  'address-with-fragment': ({ address }: ErrorValues<'address'>) => `${address} must not have a fragment (#…).`,
  'address-not-ascii': ({ address }: ErrorValues<'address'>) =>
    `${address} must be plain ASCII without spaces and backslashes: escape other characters as %XX.`,
  'address-not-exact': ({ address }: ErrorValues<'address'>) =>
    `${address} must be one exact address, without commas or wildcards.`,
  'address-with-credentials': ({ address }: ErrorValues<'address'>) =>
    `${address} must not hold a username or password.`,
  'address-without-host': ({ address }: ErrorValues<'address'>) =>
    `${address} must have // and a host after its scheme.`,
  'address-not-https': ({ address }: ErrorValues<'address'>) =>
    `${address} must use https; http is only for localhost.`,
  'address-of-no-domain': ({ address }: ErrorValues<'address'>) =>
    `${address} must use https, or a scheme of your own such as com.example.app:/callback.`,
  'launch-not-https': ({ address }: ErrorValues<'address'>) => `${address} must use https.`,
  'launch-not-staff': 'Only a staff app is launched: leave out its launch URL.',
  'keys-not-used': 'Only an app that proves itself with a key has keys.',
  'keys-not-once': 'Give the public keys once: paste them, or give their address.',
  'keys-no-set': 'The key set must be a JSON object with an array of keys: {"keys": [...]}.',
  'keys-too-large': 'The key set is too large: leave out what is not a signing key.',
  'keys-too-deep': 'The key set is nested too deeply.',
  'keys-not-text': 'The key set holds characters that are no text.',
  'keys-private':
    'The key set holds a private or secret key. That key is no secret any more: make a new one, and give its public half alone.',
  'keys-unusable':
    'The key set holds no key that can be used: it takes an RSA key of 2048 bits or more (RS384) or an EC key on P-384 (ES384), with a "kid".',
  'key-address-not-https': ({ address }: ErrorValues<'address'>) => `${address} must use https.`,
  'backend-without-keys': 'A backend app proves who it is with a key.',
  'introspection-without-proof': 'An app that may introspect must prove who it is: it can’t be public.',
  'no-sandbox':
    'A backend app begins in the sandbox, and this server has none. Ask its administrators to register the app.',
  'practices-missing': 'A backend app needs at least one practice.',
  'practices-not-backend': 'Practices are named for backend apps only.',
  'group-name-taken': 'The practice has a group of this name already.',
  'group-of-everyone': 'The group has everyone: no patient is added, and none taken out.',
  'patients-unknown': ({ patients }: ErrorValues<'patients'>) =>
    `The practice has no patients with these ids: ${patients}. Nothing was changed.`,
  'question-unknown': 'There is no such question.',
  'answer-unknown': ({ answers }: ErrorValues<'answers'>) => `The answer is one of: ${answers}.`,
  'fetch-not-https': 'It must use https.',
  'fetch-not-public': 'Its address is not a public one.',
  'fetch-no-host': 'Its host has no address.',
  'fetch-redirects': 'It redirects, and redirects are not followed.',
  'fetch-status': ({ status }: ErrorValues<'status'>) => `It answers with status ${status}.`,
  'fetch-too-large': ({ kilobytes }: ErrorValues<'kilobytes'>) => `It is larger than ${kilobytes} KB.`,
  'fetch-too-slow': ({ seconds }: ErrorValues<'seconds'>) => `It did not answer within ${seconds} s.`,
  'fetch-unreachable': 'It can’t be reached.',
  'fetch-failed': ({ reason }: ErrorValues<'reason'>) => `It can’t be reached (${reason}).`,
  'fetch-no-json': 'What is there is no JSON.',
} as const;
