import { escapeAttribute, escapeXmlText, replaceInvalidCharacters } from '../../model/xml/escape.ts';
import { XHTML_NAMESPACE } from '../../model/xml/parser.ts';

export interface GeneratedNarrative {
  readonly status: 'generated';
  readonly div: string;
}

export const SUMMARY_LANGUAGE = 'en-US';

/** Escapes any text, so that no part of it can become markup. */
const escapeText = (text: string): string => escapeXmlText(replaceInvalidCharacters(text));

/** Wraps the content in the single div that FHIR R4 §2.4 requires. */
const toNarrative = (content: string): GeneratedNarrative => ({
  status: 'generated',
  div: `<div xmlns="${XHTML_NAMESPACE}" lang="${escapeAttribute(SUMMARY_LANGUAGE)}" xml:lang="${escapeAttribute(SUMMARY_LANGUAGE)}">${content}</div>`,
});

const paragraph = (text: string): string => `<p>${escapeText(text)}</p>`;

export const paragraphs = (...texts: readonly string[]): GeneratedNarrative =>
  toNarrative(texts.map(paragraph).join(''));

/**
 * A table with one row for each entry.
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
