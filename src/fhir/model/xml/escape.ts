/**
 * Characters that must be escaped in an XML attribute value: markup, and white space that a parser would change to
 * spaces (XML 1.0 §3.3.3).
 */
const CHARACTER_REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Replaces control characters by U+FFFD. JSON allows them, but neither XML (XML 1.0 §2.2) nor FHIR strings do. */
export const replaceInvalidCharacters = (text: string): string =>
  text.toWellFormed().replace(/[^\t\n\r\x20-\ufffd]/g, '\ufffd');

const NEEDS_ESCAPING = /[&<>"\ud800-\udfff]|[^\x20-\ufffd]/;

/** Escapes a value for an XML attribute. */
export const escapeAttribute = (text: string): string =>
  NEEDS_ESCAPING.test(text)
    ? replaceInvalidCharacters(text).replace(/[&<>"\t\n\r]/g, (one) => CHARACTER_REFERENCES[one] ?? one)
    : text;

/** Escapes text between XML tags: markup, and carriage returns, which a parser would change (XML 1.0 §2.11). */
export const escapeXmlText = (text: string): string =>
  text.replace(/[&<>\r]/g, (one) => CHARACTER_REFERENCES[one] ?? one);
