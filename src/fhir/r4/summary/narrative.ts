import { escapeAttribute, escapeXmlText, replaceInvalidCharacters } from '../../model/xml/escape.ts';
import { XHTML_NAMESPACE } from '../../model/xml/parser.ts';

export interface GeneratedNarrative {
  readonly status: 'generated';
  readonly div: string;
}

export const SUMMARY_LANGUAGE = 'en-US';

/** Escapes text for XHTML, so that no part of it can become markup. */
const escapeText = (text: string): string => escapeXmlText(replaceInvalidCharacters(text));

/** Wraps XHTML in the single `div` that a narrative needs (FHIR R4 §2.4). */
const toNarrative = (content: string): GeneratedNarrative => ({
  status: 'generated',
  div: `<div xmlns="${XHTML_NAMESPACE}" lang="${escapeAttribute(SUMMARY_LANGUAGE)}" xml:lang="${escapeAttribute(SUMMARY_LANGUAGE)}">${content}</div>`,
});

const paragraph = (text: string): string => `<p>${escapeText(text)}</p>`;

export const paragraphs = (...texts: readonly string[]): GeneratedNarrative =>
  toNarrative(texts.map(paragraph).join(''));

/**
 * Builds a narrative with one table.
 * @param rows texts of the cells, row by row
 * @param after paragraphs below the table
 */
export function narrativeTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  after: readonly string[],
): GeneratedNarrative {
  const line = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeText(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((cells) => line(cells, 'td')).join('');
  const head = `<thead>${line(titles, 'th')}</thead>`;
  return toNarrative(`<table>${head}<tbody>${body}</tbody></table>${after.map(paragraph).join('')}`);
}
