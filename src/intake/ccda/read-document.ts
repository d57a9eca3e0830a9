import { convertXmlToCcda } from '@medplum/ccda';
import { SaxesParser } from 'saxes';
import { isObject } from '../../kernel/index.ts';
import { attributeAt, type CdaNode } from './tree.ts';

/**
 * Parses a document, and puts the texts of its narrative where entries refer to them (`<reference value="#id"/>`).
 * @returns undefined if the document isn't well-formed XML. This is checked because the conversion library accepts
 * truncated documents.
 */
export function readDocument(xml: string): CdaNode | undefined {
  const texts = readNarrative(xml);
  if (texts === undefined) return undefined;
  const document: unknown = convertXmlToCcda(xml);
  return isObject(document) ? (resolveTexts(document, texts) as CdaNode) : undefined;
}

type NarrativeTexts = ReadonlyMap<string, string>;

/** Reads the text of each element with an ID. undefined if the XML isn't well-formed. */
function readNarrative(xml: string): NarrativeTexts | undefined {
  const texts = new Map<string, string>();
  const open: { readonly id: string | undefined; text: string }[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ attributes }) => open.push({ id: attributes['ID'], text: '' }));
  parser.on('text', (text) => {
    const inner = open.at(-1);
    if (inner !== undefined) inner.text += text;
  });
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed === undefined) return;
    const text = closed.text.replaceAll(/\s+/g, ' ').trim();
    if (closed.id !== undefined && text !== '') texts.set(closed.id, text);
    const outer = open.at(-1);
    if (outer !== undefined && open.some(({ id }) => id !== undefined)) outer.text += ` ${closed.text} `;
  });
  try {
    parser.write(xml).close();
    return texts;
  } catch {
    return undefined;
  }
}

/** Elements that may refer to the narrative. `value` does so if it is a text (CDA data type ED). */
const REFERRING = ['text', 'originalText', 'value'];

function resolveTexts(value: unknown, texts: NarrativeTexts): unknown {
  if (Array.isArray(value)) return value.map((one) => resolveTexts(one, texts));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const target = REFERRING.includes(name) ? attributeAt(inner, 'reference.value') : undefined;
      if (target === undefined) return [name, resolveTexts(inner, texts)];
      const text = target.startsWith('#') ? texts.get(target.slice(1)) : undefined;
      return [name, name === 'value' ? { ...Object(inner), reference: undefined, '#text': text } : text];
    }),
  );
}
