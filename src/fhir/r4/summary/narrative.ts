import { attributeText, elementText, xmlCharacters } from '../../core/xml/escape.ts';
import { XHTML_NAMESPACE } from '../../core/xml/parser.ts';

export interface Narrative {
  readonly status: 'generated';
  readonly div: string;
}

export const LANGUAGE = 'en-US';

/** Escapes any text, so that no part of it can become markup. */
const escapeText = (text: string): string => elementText(xmlCharacters(text));

/** Wraps the content in the single div that FHIR R4 §2.4 requires. */
const toNarrative = (content: string): Narrative => ({
  status: 'generated',
  div: `<div xmlns="${XHTML_NAMESPACE}" lang="${attributeText(LANGUAGE)}" xml:lang="${attributeText(LANGUAGE)}">${content}</div>`,
});

const paragraph = (text: string): string => `<p>${escapeText(text)}</p>`;

export const sentences = (...texts: readonly string[]): Narrative => toNarrative(texts.map(paragraph).join(''));

/**
 * A table with one row for each entry.
 * @param after paragraphs below the table
 */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  after: readonly string[],
): Narrative {
  const line = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeText(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((cells) => line(cells, 'td')).join('');
  const head = `<thead>${line(titles, 'th')}</thead>`;
  return toNarrative(`<table>${head}<tbody>${body}</tbody></table>${after.map(paragraph).join('')}`);
}
