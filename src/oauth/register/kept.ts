interface Kept {
  readonly what: string;
  isIt(value: unknown): value is unknown;
}

const LONGEST_ADDRESS = 2000;
const LONGEST_TEXT = 200;
const MOST_CONTACTS = 20;

const shortText = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_TEXT;

/** Pages may link to it, so schemes such as javascript: and data: are rejected. */
const webAddress = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length <= LONGEST_ADDRESS &&
  URL.canParse(value) &&
  /^https?:$/.test(new URL(value).protocol);

const contacts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= MOST_CONTACTS && value.every(shortText);

const ADDRESS: Kept = { what: 'an address that begins with https:// or http://', isIt: webAddress };
const TEXT: Kept = { what: `text of at most ${LONGEST_TEXT} characters`, isIt: shortText };

/** RFC 7591 §2: informational metadata, which is stored and returned but has no effect. */
export const KEPT: Readonly<Record<string, Kept>> = {
  client_uri: ADDRESS,
  logo_uri: ADDRESS,
  tos_uri: ADDRESS,
  policy_uri: ADDRESS,
  initiate_login_uri: ADDRESS,
  contacts: { what: `an array of at most ${MOST_CONTACTS} texts`, isIt: contacts },
  software_id: TEXT,
  software_version: TEXT,
};
