import { getMessages, type Language, type Messages } from '../i18n/index.ts';
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
 * @param language language of the error messages, by default English, for the command line
 */
export function validatePracticeDetails(
  entered: PracticeDetails,
  isAddress: (text: string) => boolean,
  language: Language = 'en',
): ValidatedDetails {
  const messages = getMessages(language).practicePortal.detailErrors;
  const details = normalized(entered);
  const errors = (Object.keys(CHECKS) as (keyof PracticeDetails)[]).flatMap((field) => {
    const text = details[field];
    const message = text === '' ? missingError(field, messages) : CHECKS[field](text, messages, isAddress);
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

type DetailErrors = Messages['practicePortal']['detailErrors'];

/** Returns the error for an empty detail. Only the name and the time zone are required. */
function missingError(field: keyof PracticeDetails, messages: DetailErrors): string | undefined {
  if (field === 'name') return messages.nameMissing;
  return field === 'timeZone' ? messages.timeZoneMissing : undefined;
}

type DetailCheck = (text: string, messages: DetailErrors, isAddress: (text: string) => boolean) => string | undefined;

/**
 * Characters that no detail may contain: control characters except the line feed, and characters that change the text
 * direction.
 */
const UNPRINTABLE = /(?!\n)[\p{C}\p{Zl}\p{Zp}]/u;

const CHECKS: Readonly<Record<keyof PracticeDetails, DetailCheck>> = {
  name: (text, { name }) => (text.length > 100 || UNPRINTABLE.test(text) ? name : undefined),
  phone: (text, { phone }) =>
    /^\+?[\d\s().-]{3,30}(?:(?:ext\.?|x) ?\d{1,6})?$/i.test(text) && /\d{3}/.test(text) ? undefined : phone,
  email: (text, { email }, isAddress) => (isAddress(text) ? undefined : email),
  website: (text, messages) => {
    if (!URL.canParse(text)) return messages.website;
    const { protocol, username, password } = new URL(text);
    if (protocol !== 'https:') return messages.websiteScheme;
    if (username !== '' || password !== '') return messages.websiteCredentials;
    return text.length > 200 ? messages.websiteLength : undefined;
  },
  address: (text, { address }) =>
    text.length > 300 || UNPRINTABLE.test(text) || text.split('\n').length > 6 ? address : undefined,
  npi: (text, { npi }) => (isNpi(text) ? undefined : npi),
  color: (text, { color }) => (/^#[0-9a-f]{6}$/.test(text) ? undefined : color),
  timeZone: (text, { timeZone }) => (isTimeZone(text) ? undefined : timeZone),
};
