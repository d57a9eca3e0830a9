import { isObject, type Json, textOf } from './element.ts';

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
