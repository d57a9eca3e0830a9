/** What does not stand for itself between quotation marks: markup, white space that would be normalized (XML 1.0 §3.3.3). */
const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** XML 1.0 §2.2 has no place for some characters, nor has a FHIR string; JSON has. They become U+FFFD. */
export const xmlCharacters = (text: string): string => text.toWellFormed().replace(/[^\t\n\r\x20-\ufffd]/g, '\ufffd');

const isRare = /[&<>"\ud800-\udfff]|[^\x20-\ufffd]/;

/** The text of an attribute's value. */
export const attributeText = (text: string): string =>
  isRare.test(text) ? xmlCharacters(text).replace(/[&<>"\t\n\r]/g, (one) => REFERENCES[one] ?? one) : text;

/** Text between tags, where only markup and carriage returns would not come back as they are (XML 1.0 §2.11). */
export const elementText = (text: string): string => text.replace(/[&<>\r]/g, (one) => REFERENCES[one] ?? one);
