/**
 * Characters that an attribute value must escape: markup, and white space that would be normalized (XML 1.0 §3.3.3).
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

/** Replaces characters by U+FFFD that JSON allows, but neither XML (XML 1.0 §2.2) nor FHIR strings. */
export const replaceInvalidCharacters = (text: string): string =>
  text.toWellFormed().replace(/[^\t\n\r\x20-\ufffd]/g, '\ufffd');

const NEEDS_ESCAPING = /[&<>"\ud800-\udfff]|[^\x20-\ufffd]/;

/** Escapes the value of an attribute. */
export const escapeAttribute = (text: string): string =>
  NEEDS_ESCAPING.test(text)
    ? replaceInvalidCharacters(text).replace(/[&<>"\t\n\r]/g, (one) => CHARACTER_REFERENCES[one] ?? one)
    : text;

/** Escapes text between tags, where only markup and carriage returns would be changed by a parser (XML 1.0 §2.11). */
export const escapeXmlText = (text: string): string =>
  text.replace(/[&<>\r]/g, (one) => CHARACTER_REFERENCES[one] ?? one);
