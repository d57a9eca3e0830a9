interface InformationalMember {
  readonly description: string;
  isValid(value: unknown): value is unknown;
}

const MAX_URL_LENGTH = 2000;
const MAX_TEXT_LENGTH = 200;
const MAX_CONTACTS = 20;

const isShortText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;

/**
 * Whether the value is an http or https URL. Pages may link to it, so schemes such as javascript: and data: are
 * rejected.
 */
const isWebUrl = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length <= MAX_URL_LENGTH &&
  URL.canParse(value) &&
  /^https?:$/.test(new URL(value).protocol);

const isContacts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= MAX_CONTACTS && value.every(isShortText);

const WEB_URL: InformationalMember = {
  description: 'a URL that begins with https:// or http://',
  isValid: isWebUrl,
};
const SHORT_TEXT: InformationalMember = {
  description: `text of at most ${MAX_TEXT_LENGTH} characters`,
  isValid: isShortText,
};

/** Informational metadata of RFC 7591 §2. It is stored and returned but has no effect. */
export const INFORMATIONAL_METADATA: Readonly<Record<string, InformationalMember>> = {
  client_uri: WEB_URL,
  logo_uri: WEB_URL,
  tos_uri: WEB_URL,
  policy_uri: WEB_URL,
  initiate_login_uri: WEB_URL,
  contacts: { description: `an array of at most ${MAX_CONTACTS} strings`, isValid: isContacts },
  software_id: SHORT_TEXT,
  software_version: SHORT_TEXT,
};
