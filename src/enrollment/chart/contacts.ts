import { elementsAt } from '../../fhir/index.ts';
import { isEmailAddress, normalizeEmailAddress } from '../../kernel/index.ts';
import { toPlainLine } from './names.ts';

const firstText = (value: unknown, path: string): string | undefined =>
  elementsAt(value, path).find((part): part is string => typeof part === 'string' && part.trim() !== '');

const hasEnded = (element: unknown, today: string): boolean => {
  const end = firstText(element, 'period.end');
  return firstText(element, 'use') === 'old' || (end !== undefined && end.slice(0, 10) < today);
};

/**
 * Returns the current values of FHIR R4 ContactPoints, such as all email addresses of a patient.
 * @param today ISO 8601 date
 */
function readContactPoints(person: unknown, path: string, system: string, today: string): readonly string[] {
  const points = elementsAt(person, path).filter(
    (point) => firstText(point, 'system') === system && !hasEnded(point, today),
  );
  return points.map((point) => firstText(point, 'value') ?? '').filter((value) => value !== '');
}

/** Returns the current email addresses, normalized and without duplicates. Invalid addresses are left out. */
export const readEmails = (person: unknown, path: string, today: string): readonly string[] => [
  ...new Set(
    readContactPoints(person, path, 'email', today)
      .filter(isEmailAddress)
      .map((email) => normalizeEmailAddress(email)),
  ),
];

/**
 * Returns the current phone numbers as digits with an optional leading +. Extensions are removed, because their digits
 * would become part of the number.
 */
export const readPhones = (person: unknown, path: string, today: string): readonly string[] => [
  ...new Set(
    readContactPoints(person, path, 'phone', today)
      .map((phone) =>
        phone
          .normalize('NFKC')
          .replace(/(?:ext|x|#).*$/iu, '')
          .replaceAll(/(?!^\+)[^\d]/g, ''),
      )
      .filter((phone) => phone.length >= 7),
  ),
];

export interface HomeAddress {
  /** Lines of a postal address, as they appear in the window of an envelope. */
  readonly lines: readonly string[];
  readonly postalCode: string | undefined;
}

/**
 * Returns the patient's current home address (FHIR R4 Address), never an old or a billing address. Addresses with a ZIP
 * code are preferred.
 */
export function readHomeAddress(patient: unknown, today: string): HomeAddress {
  const current = elementsAt(patient, 'address').filter(
    (address) => !hasEnded(address, today) && firstText(address, 'use') !== 'billing',
  );
  const withZip = current.filter((address) => readZip(address) !== undefined);
  const home = [withZip, current].map((from) => from.find((one) => firstText(one, 'use') === 'home') ?? from[0]);
  const chosen = home.find((address) => address !== undefined);
  return { lines: formatAddress(chosen), postalCode: readZip(chosen) };
}

/** Returns the first five digits of a ZIP or ZIP+4 code. Few people know the other four digits by heart. */
const readZip = (address: unknown): string | undefined =>
  /^\s*(\d{5})(?:[-\s]?\d{4})?\s*$/.exec(firstText(address, 'postalCode') ?? '')?.[1];

function formatAddress(address: unknown): readonly string[] {
  const street = elementsAt(address, 'line').filter((line): line is string => typeof line === 'string');
  const [city, state, postalCode] = ['city', 'state', 'postalCode'].map((part) => firstText(address, part));
  const town = [[city, state].filter((part) => part !== undefined).join(', '), postalCode ?? ''].join(' ');
  const lines = [...street, town].map(toPlainLine).filter((line) => line !== '');
  return lines.length > 0 ? lines : [toPlainLine(firstText(address, 'text') ?? '')].filter((line) => line !== '');
}
