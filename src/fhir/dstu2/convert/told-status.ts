import { type Codes, type Draft, isObject, type Json, listOf, textOf } from './element.ts';

/** In words the status that DSTU2's code says less of; undefined: its code says it. @param coarser codes by their words */
export const toldStatus = (from: Json, name: string, coarser: Codes): string | undefined =>
  coarser.get(textOf(from[name]) ?? '');

/** Where DSTU2 has a list of Annotations. */
export function addNote(into: Draft, name: string, text: string | undefined): void {
  if (text !== undefined) into[name] = [...listOf(into[name]), { text }];
}

/** Where it has one Annotation: as its last paragraph, and of no author where the others have one. */
export function addToNote(into: Draft, name: string, text: string | undefined): void {
  if (text === undefined) return;
  const note = into[name];
  into[name] = isObject(note) && textOf(note['text']) !== undefined ? { text: `${note['text']}\n\n${text}` } : { text };
}

/** Where it has a string. */
export function addToText(into: Draft, name: string, text: string | undefined): void {
  if (text !== undefined) into[name] = [textOf(into[name]), text].filter((one) => one !== undefined).join('\n');
}
