import { contrastWithWhite, MIN_CONTRAST } from './contrast.ts';
import type { PracticeDetails } from './practice-settings.ts';
import { isNpi } from './published.ts';
import { isTimeZone } from './time-zones.ts';

/** A validation error in one detail of a practice, with a message that says how to fix it. */
export interface PracticeDetailError {
  readonly field: keyof PracticeDetails;
  readonly message: string;
}

export interface ValidatedDetails {
  /** The entered details of the practice, normalized for storage. */
  readonly details: PracticeDetails;
  /** Validation errors; the list is empty if the details are valid. */
  readonly errors: readonly PracticeDetailError[];
}

/**
 * Normalizes and validates the details of a practice.
 * @param isAddress tells whether a text is a valid email address; it checks the practice's email address, to which
 * patients' replies go
 */
export function validatePracticeDetails(
  entered: PracticeDetails,
  isAddress: (text: string) => boolean,
): ValidatedDetails {
  const details = normalized(entered);
  const errors = (Object.keys(CHECKS) as (keyof PracticeDetails)[]).flatMap((field) => {
    const text = details[field];
    const message = text === '' ? MISSING[field] : CHECKS[field](text, isAddress);
    return message === undefined ? [] : [{ field, message }];
  });
  return { details, errors };
}

const toSingleLine = (text: string): string => text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();

const normalized = (entered: PracticeDetails): PracticeDetails => ({
  name: toSingleLine(entered.name),
  phone: toSingleLine(entered.phone),
  email: entered.email.trim().toLowerCase(),
  website: normalizeUrl(entered.website.trim()),
  address: entered.address
    .normalize('NFC')
    .split(/\r\n|\r|\n/)
    .map(toSingleLine)
    .filter((one) => one !== '')
    .join('\n'),
  npi: entered.npi.replaceAll(/[\s-]/g, ''),
  color: entered.color.trim().toLowerCase(),
  timeZone: entered.timeZone.trim(),
});

/** Normalizes a URL as a browser does. Returns a text that isn't a URL unchanged. */
const normalizeUrl = (text: string): string => (URL.canParse(text) ? new URL(text).href : text);

const MISSING: Partial<Readonly<Record<keyof PracticeDetails, string>>> = {
  name: 'Enter the name of the practice',
  timeZone: 'Choose a time zone',
};

type DetailCheck = (text: string, isAddress: (text: string) => boolean) => string | undefined;

/**
 * Characters that no detail may contain: control characters except the line feed, and characters that change the text
 * direction.
 */
const UNPRINTABLE = /(?!\n)[\p{C}\p{Zl}\p{Zp}]/u;

const CHECKS: Readonly<Record<keyof PracticeDetails, DetailCheck>> = {
  name: (text) =>
    text.length > 100 || UNPRINTABLE.test(text)
      ? 'Enter a name of at most 100 characters, without invisible characters'
      : undefined,
  phone: (text) =>
    /^\+?[\d\s().-]{3,30}(?:(?:ext\.?|x) ?\d{1,6})?$/i.test(text) && /\d{3}/.test(text)
      ? undefined
      : 'Enter a phone number, such as 555-010-2030 or +1 555 010 2030 ext. 4',
  email: (text, isAddress) =>
    isAddress(text) ? undefined : 'Enter a valid email address, such as frontdesk@example.org',
  website: (text) => {
    if (!URL.canParse(text)) return 'Enter a website address, such as https://www.example.org';
    const { protocol, username, password } = new URL(text);
    if (protocol !== 'https:') return 'The website address must start with https://';
    if (username !== '' || password !== '') return 'The website address can’t contain a username or password';
    return text.length > 200 ? 'The website address can have at most 200 characters' : undefined;
  },
  address: (text) =>
    text.length > 300 || UNPRINTABLE.test(text) || text.split('\n').length > 6
      ? 'The address can have at most 6 lines and 300 characters'
      : undefined,
  npi: (text) => (isNpi(text) ? undefined : 'Enter a valid 10-digit NPI. Look it up at npiregistry.cms.hhs.gov'),
  color: (text) =>
    /^#[0-9a-f]{6}$/.test(text)
      ? contrastError(text)
      : 'Enter the color as # and 6 hexadecimal digits, such as #0b5f6b',
  timeZone: (text) => (isTimeZone(text) ? undefined : 'Choose a time zone from the list'),
};

/**
 * Returns the error for a color with too little contrast. Links and buttons combine the color with white, as text or as
 * background.
 */
function contrastError(color: string): string | undefined {
  const contrast = contrastWithWhite(color);
  if (contrast >= MIN_CONTRAST) return undefined;
  // The ratio is rounded down, because 4.499 doesn't meet the required 4.5.
  const ratio = Math.floor(contrast * 100) / 100;
  return `This color is too light to read on white. Its contrast is ${ratio}:1, and at least ${MIN_CONTRAST}:1 is required (WCAG 1.4.3). Choose a darker color`;
}
