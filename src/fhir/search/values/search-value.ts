import { Problem } from '../../../kernel/index.ts';
import type { ComparisonPrefix, DateTest, ReferenceValue } from '../../model/condition.ts';
import type { TokenValue } from '../../model/search-parameter.ts';
import { parseDateRange, type TimeRange } from '../../model/time-range.ts';

export const invalidSearch = (message: string): Problem => new Problem('search-invalid', { status: 400, message });

/**
 * Splits a parameter value at its commas and removes duplicates. `\,` is a comma inside a value (FHIR R4 search
 * §3.1.1.4.0.1).
 */
export const splitAlternatives = (value: string): readonly string[] => {
  if (!value.includes(',')) return value === '' ? [] : [value];
  return [...new Set(splitUnescaped(value, ','))].filter((part) => part !== '');
};

/**
 * Parses a token value: `code`, `system|code`, `|code` or `system|` (FHIR R4 search §3.1.1.4.10).
 * @throws Problem 400
 */
export function parseToken(name: string, text: string): TokenValue {
  const parts = splitUnescaped(text, '|').map(unescapeValue);
  const [first = '', second] = parts;
  if (parts.length > 2)
    throw invalidSearch(
      `The parameter ${name} expects code, system|code, |code or system|. Write a vertical bar within a code as \\|.`,
    );
  if (second === undefined) return { system: undefined, code: first };
  if (second !== '') return { system: first, code: second };
  if (first === '')
    throw invalidSearch(`The parameter ${name} expects a system before or a code after the vertical bar.`);
  return { system: first, code: undefined };
}

/**
 * Parses `system|code|value` for the modifier `:of-type` (FHIR R4 search §3.1.1.4.10). In the result, `system` holds
 * the type of the identifier and `code` its value.
 * @throws Problem 400
 */
export function parseTypedIdentifier(name: string, text: string): TokenValue {
  const [system = '', code = '', value = '', ...rest] = splitUnescaped(text, '|').map(unescapeValue);
  if (rest.length > 0 || system === '' || code === '' || value === '') {
    throw invalidSearch(
      `The parameter ${name}:of-type expects system|code|value: the system and code of the identifier type, and the identifier’s value.`,
    );
  }
  return { system: identifierTypeKey(system, code), code: value };
}

/**
 * Returns the text that represents an identifier type in the search index. The code is lowercased, because searches
 * ignore the case of codes.
 */
export const identifierTypeKey = (system: string, code: string): string => `${system}|${code.toLowerCase()}`;

const DATE_VALUE = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(\d.*)$/;

/**
 * Parses a date with an optional prefix.
 * @param now current time; `ap` allows a tenth of the time between now and the date (FHIR R4 search §3.1.1.4.5)
 * @throws Problem 400
 */
export function parseDate(name: string, text: string, now: Date): DateTest {
  // Query strings decode an unescaped `+` as a space, so the offset in `2014-08-19T01:16:46+02:00` may arrive as a
  // space.
  const [, prefix = 'eq', date = ''] = DATE_VALUE.exec(unescapeValue(text).replace(' ', '+')) ?? [];
  const span = parseDateRange(date);
  if (span === undefined) {
    throw invalidSearch(
      `The parameter ${name} expects a date such as 2024, 2024-05, 2024-05-17 or 2024-05-17T09:30:00Z, with or without a prefix (eq, ne, gt, lt, ge, le, sa, eb or ap).`,
    );
  }
  return { prefix: prefix as ComparisonPrefix, ...(prefix === 'ap' ? widenRange(span, now) : span) };
}

function widenRange(span: TimeRange, now: Date): TimeRange {
  const margin = Math.abs(now.getTime() - (span.low + span.high) / 2) / 10;
  return { low: span.low - margin, high: span.high + margin };
}

/** Matches a text that starts with a URI scheme and its colon (RFC 3986 §3.1). No FHIR id contains a colon. */
const URI_SCHEME = /^[a-z][a-z0-9+.-]*:/i;
export const isAbsoluteUri = (text: string): boolean => URI_SCHEME.test(text);

/**
 * Parses a searched reference: `id`, `Type/id` or a URL. A URL below the base URL becomes `Type/id`. Another URL, or a
 * canonical, gets an empty type and is compared as written.
 * @param type type that a modifier names, as in `subject:Patient`
 */
export function parseReference(text: string, base: string, type?: string): ReferenceValue {
  const value = unescapeValue(text);
  const inside = value.toLowerCase().startsWith(`${base.toLowerCase()}/`) ? value.slice(base.length + 1) : value;
  if (isAbsoluteUri(inside)) return { type: '', id: inside };
  const slash = inside.indexOf('/');
  if (slash === -1) return { type, id: inside.toLowerCase() };
  return { type: inside.slice(0, slash), id: inside.slice(slash + 1).toLowerCase() };
}

export function splitUnescaped(text: string, separator: string): readonly string[] {
  if (!text.includes('\\')) return text.split(separator);
  const parts: string[] = [''];
  for (let i = 0; i < text.length; i++) {
    const letter = text.charAt(i);
    if (letter === separator) parts.push('');
    else parts.push(`${parts.pop()}${letter === '\\' ? letter + text.charAt(++i) : letter}`);
  }
  return parts;
}

/** Removes the escapes from a search value, such as `\,` (FHIR R4 search §3.1.1.4.0.1). */
export const unescapeValue = (text: string): string => text.replace(/\\([\\,|$])/g, '$1');
