import { isObject, nonEmptyText } from '../../../../kernel/index.ts';
import { type ConversionRule, copy, type FhirJson } from '../conversion-rules.ts';

/**
 * Whether a resource has a narrative that satisfies Argonaut: it must describe the content of the resource. A narrative
 * with the status `empty` or `extensions` doesn't.
 */
export const hasNarrative = ({ text }: FhirJson): boolean =>
  isObject(text) &&
  ['generated', 'additional'].includes(String(text['status'])) &&
  nonEmptyText(text['div']) !== undefined;

/** Builds a narrative from lines of plain text. Returns undefined if there are no lines. */
export function buildNarrative(lines: readonly (string | undefined)[]): FhirJson | undefined {
  const present = lines.filter((line) => line !== undefined);
  if (present.length === 0) return undefined;
  const paragraphs = present.map((line) => `<p>${escapeXml(line)}</p>`).join('');
  return { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs}</div>` };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeXml = (text: string): string =>
  text.replace(NOT_IN_XML, '').replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one);
/** Matches characters that XML 1.0 doesn't allow: control characters except tab, line feed, and carriage return. */
const NOT_IN_XML = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu;

const START_TAG = /<([A-Za-z][\w-]*)((?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)(\s*\/?>)/g;
const STYLES: ReadonlyMap<string, string> = new Map([
  ['sub', ' style="vertical-align: sub; font-size: smaller"'],
  ['sup', ' style="vertical-align: super; font-size: smaller"'],
]);

/**
 * Converts the `div` of a narrative. `sub` and `sup` (allowed by R4 txt-1, but not in DSTU2) become styled spans, so
 * that 10 to the power of 9 does not turn into 109. `xml:lang` (R4 txt-3) becomes `lang`.
 */
export const copyDiv: ConversionRule = (from, name, into, context) => {
  copy(from, name, into, context);
  const text = nonEmptyText(from[name]);
  if (text !== undefined && NOT_IN_DSTU2.test(text))
    into[name] = text.replace(START_TAG, startTag).replace(/<\/su[bp]\s*>/g, '</span>');
};
const NOT_IN_DSTU2 = /<su[bp][\s/>]|xml:lang/;

function startTag(_all: string, name: string, attributes: string, end: string): string {
  const hasLanguage = /\slang\s*=/.test(attributes);
  const own = attributes.replace(/\sxml:lang(\s*=\s*)("[^"]*"|'[^']*')/, hasLanguage ? '' : ' lang$1$2');
  const style = STYLES.get(name);
  if (style === undefined) return `<${name}${own}${end}`;
  return `<span${/\sstyle\s*=/.test(own) ? '' : style}${own}${end}`;
}

/** Returns `label: text`. Returns undefined if there is no text. */
export const labelled = (label: string, text: string | undefined): string | undefined =>
  text === undefined ? undefined : `${label}: ${text}`;

/** Returns a Period in words, such as "from 2020-01-01 until 2020-02-01". A bound that is missing is left out. */
export function periodText(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const [start, end] = [nonEmptyText(value['start']), nonEmptyText(value['end'])];
  const parts = [start && `from ${start}`, end && `until ${end}`].filter(Boolean);
  return parts.length === 0 ? undefined : parts.join(' ');
}
