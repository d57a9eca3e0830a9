import { isObject, type Json, kept, type Rule, textOf } from './element.ts';

/** Argonaut asks for a narrative that tells what is there: `empty` and `extensions` do not. */
export const hasNarrative = ({ text }: Json): boolean =>
  isObject(text) && ['generated', 'additional'].includes(String(text['status'])) && textOf(text['div']) !== undefined;

/** A narrative of some lines of plain text; undefined: there is nothing to tell. */
export function narrative(lines: readonly (string | undefined)[]): Json | undefined {
  const told = lines.filter((line) => line !== undefined);
  if (told.length === 0) return undefined;
  const paragraphs = told.map((line) => `<p>${escaped(line)}</p>`).join('');
  return { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs}</div>` };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string =>
  text.replace(NOT_IN_XML, '').replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one);
/** XML 1.0 has no control characters but these three. */
const NOT_IN_XML = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu;

const START = /<([A-Za-z][\w-]*)((?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)(\s*\/?>)/g;
const STYLES: ReadonlyMap<string, string> = new Map([
  ['sub', ' style="vertical-align: sub; font-size: smaller"'],
  ['sup', ' style="vertical-align: super; font-size: smaller"'],
]);

/**
 * The XHTML that DSTU2 has no word for, in its own: `sub` and `sup`, which R4 allows (txt-1), look as before, so that 10
 * to the power of 9 does not become 109; and `xml:lang` (txt-3) is `lang`.
 */
export const div: Rule = (from, name, into, context) => {
  kept(from, name, into, context);
  const text = textOf(from[name]);
  if (text !== undefined && NEW.test(text))
    into[name] = text.replace(START, startTag).replace(/<\/su[bp]\s*>/g, '</span>');
};
const NEW = /<su[bp][\s/>]|xml:lang/;

function startTag(_all: string, name: string, attributes: string, end: string): string {
  const hasLanguage = /\slang\s*=/.test(attributes);
  const own = attributes.replace(/\sxml:lang(\s*=\s*)("[^"]*"|'[^']*')/, hasLanguage ? '' : ' lang$1$2');
  const style = STYLES.get(name);
  if (style === undefined) return `<${name}${own}${end}`;
  return `<span${/\sstyle\s*=/.test(own) ? '' : style}${own}${end}`;
}

/** `a: b`; undefined without b. */
export const labelled = (label: string, text: string | undefined): string | undefined =>
  text === undefined ? undefined : `${label}: ${text}`;

/** From 2020-01-01 until 2020-02-01. */
export function periodWords(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const [start, end] = [textOf(value['start']), textOf(value['end'])];
  const parts = [start && `from ${start}`, end && `until ${end}`].filter(Boolean);
  return parts.length === 0 ? undefined : parts.join(' ');
}
