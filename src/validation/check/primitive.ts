/** Matches a URI. FHIR R4 §2.24.0.1 allows no whitespace in it, and RFC 3986 §2 no control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern rejects control characters
const URI = /^[^\s\u0000-\u001f\u007f]+$/;

/** Patterns of primitive datatypes (FHIR R4 §2.24.0.1). */
const PATTERNS: Readonly<Record<string, RegExp>> = {
  canonical: URI,
  code: /^[^\s]+(\s[^\s]+)*$/,
  date: /^(?!0000)\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/,
  dateTime:
    /^(?!0000)\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00)))?)?)?$/,
  id: /^[A-Za-z0-9\-.]{1,64}$/,
  instant:
    /^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))$/,
  markdown: /\S/,
  oid: /^urn:oid:[0-2](\.(0|[1-9]\d*))+$/,
  string: /\S/,
  time: /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?$/,
  uri: URI,
  url: URI,
  uuid: /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  xhtml: /^\s*<div[\s>]/,
};

const FORMAT_NAMES: Readonly<Record<string, string>> = {
  base64Binary: 'base64',
  code: 'a code without leading or trailing spaces',
  date: 'a date such as 2026, 2026-04 or 2026-04-30',
  dateTime: 'a date, or a date and time with seconds and time zone, such as 2026-04-30T09:00:00-05:00',
  id: 'up to 64 letters, digits, hyphens and periods',
  instant: 'a date and time with seconds and time zone, such as 2026-04-30T09:00:00Z',
  markdown: 'text that isn’t empty',
  oid: 'an OID such as urn:oid:1.2.3',
  string: 'text that isn’t empty',
  time: 'a time such as 09:00:00',
  uri: 'a URI without spaces and control characters',
  url: 'a URL without spaces and control characters',
  canonical: 'a URL without spaces and control characters',
  uuid: 'a UUID such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520, in lowercase',
  xhtml: 'an XHTML div',
};

const NUMBER_CHECKS: Readonly<Record<string, (value: number) => boolean>> = {
  integer: (value) => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31,
  positiveInt: (value) => Number.isInteger(value) && value > 0 && value < 2 ** 31,
  unsignedInt: (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 31,
  decimal: () => true,
};
const NUMBER_NAMES: Readonly<Record<string, string>> = {
  integer: 'a whole number from -2147483648 to 2147483647',
  positiveInt: 'a whole number from 1 to 2147483647',
  unsignedInt: 'a whole number from 0 to 2147483647',
  decimal: 'a number',
};

/**
 * The datatype string and those derived from it (FHIR R4 §2.24.0.1). `id` is missing, because its pattern is stricter.
 */
const STRING_TYPES: ReadonlySet<string> = new Set(['string', 'markdown', 'code']);

/** Error for a number such as 1e999, which JSON.parse reads as Infinity. Other systems would read it differently. */
const TOO_LARGE = 'is too large: the maximum is about 1.7e308';

/** Maximum length of a string: 1 MB (FHIR R4 §2.24.0.1), counted here in UTF-16 code units. */
const MAX_STRING_LENGTH = 1_048_576;

/** Matches control characters that a string can't have: those below U+0020, except tab, CR and LF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern rejects control characters
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/** Returns the JSON type in which values of a primitive datatype are written. */
export const jsonType = (type: string): 'boolean' | 'number' | 'string' =>
  type === 'boolean' ? 'boolean' : NUMBER_CHECKS[type] === undefined ? 'string' : 'number';

/**
 * Checks a value of a primitive datatype. Returns the error as the end of a sentence, or undefined if the value is
 * valid.
 */
export function primitiveError(type: string, value: unknown): string | undefined {
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'must be true or false, without quotes';
  const isNumber = NUMBER_CHECKS[type];
  if (isNumber !== undefined) {
    if (typeof value === 'number' && !Number.isFinite(value)) return TOO_LARGE;
    return typeof value === 'number' && isNumber(value) ? undefined : `must be ${NUMBER_NAMES[type]}, without quotes`;
  }
  if (typeof value !== 'string') return 'must be text, in quotes';
  if (STRING_TYPES.has(type) && value.length > MAX_STRING_LENGTH) return 'is longer than 1 MB';
  if (STRING_TYPES.has(type) && CONTROL_CHARACTERS.test(value))
    return 'contains control characters other than tabs and line breaks';
  const form = PATTERNS[type];
  const isWrong = type === 'base64Binary' ? !isBase64(value) : form !== undefined && !form.test(value);
  if (isWrong) return `must be ${FORMAT_NAMES[type] ?? type}`;
  return ['date', 'dateTime', 'instant'].includes(type) && !isCalendarDate(value)
    ? 'isn’t a real calendar date'
    : undefined;
}

/**
 * Whether a text is base64. R4's own regular expression isn't used: it takes exponential time on text with many lines,
 * and overflows the stack on long text.
 */
function isBase64(text: string): boolean {
  const letters = text.replaceAll(/\s+/g, '');
  return letters !== '' && letters.length % 4 === 0 && /^[0-9a-zA-Z+/=]*$/.test(letters);
}

function isCalendarDate(text: string): boolean {
  const day = /^\d{4}-\d\d-\d\d/.exec(text)?.[0];
  return day === undefined || new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}
