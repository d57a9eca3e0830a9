/**
 * Characters that an attribute value must escape: markup, and white space that would be normalized (XML 1.0 §3.3.3).
 */
const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Replaces characters by U+FFFD that JSON allows, but neither XML (XML 1.0 §2.2) nor FHIR strings. */
export const xmlCharacters = (text: string): string => text.toWellFormed().replace(/[^\t\n\r\x20-\ufffd]/g, '\ufffd');

const isRare = /[&<>"\ud800-\udfff]|[^\x20-\ufffd]/;

/** Escapes the value of an attribute. */
export const attributeText = (text: string): string =>
  isRare.test(text) ? xmlCharacters(text).replace(/[&<>"\t\n\r]/g, (one) => REFERENCES[one] ?? one) : text;

/** Escapes text between tags, where only markup and carriage returns would be changed by a parser (XML 1.0 §2.11). */
export const elementText = (text: string): string => text.replace(/[&<>\r]/g, (one) => REFERENCES[one] ?? one);
