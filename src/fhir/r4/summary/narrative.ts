import { attributeText, elementText, xmlCharacters } from '../../core/xml/escape.ts';
import { XHTML_NAMESPACE } from '../../core/xml/parser.ts';

export interface Narrative {
  readonly status: 'generated';
  readonly div: string;
}

export const LANGUAGE = 'en-US';

/** As text and as nothing else, whatever it is: no part of what is written here is ever markup. */
const written = (text: string): string => elementText(xmlCharacters(text));

/** FHIR R4 §2.4: one div, of what a narrative may have. */
const narrative = (content: string): Narrative => ({
  status: 'generated',
  div: `<div xmlns="${XHTML_NAMESPACE}" lang="${attributeText(LANGUAGE)}" xml:lang="${attributeText(LANGUAGE)}">${content}</div>`,
});

const paragraph = (text: string): string => `<p>${written(text)}</p>`;

export const sentences = (...texts: readonly string[]): Narrative => narrative(texts.map(paragraph).join(''));

/**
 * A table with a line for each entry.
 * @param after sentences below it
 */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  after: readonly string[],
): Narrative {
  const line = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}>${written(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((cells) => line(cells, 'td')).join('');
  const head = `<thead>${line(titles, 'th')}</thead>`;
  return narrative(`<table>${head}<tbody>${body}</tbody></table>${after.map(paragraph).join('')}`);
}
