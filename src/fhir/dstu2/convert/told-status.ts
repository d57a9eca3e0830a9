import { type Codes, type Draft, isObject, type Json, listOf, textOf } from './element.ts';

/**
 * Returns the note for a status that the DSTU2 code expresses only roughly; undefined if the code is exact.
 * @param coarser notes by R4 code
 */
export const toldStatus = (from: Json, name: string, notes: Codes): string | undefined =>
  notes.get(textOf(from[name]) ?? '');

/** Adds a note to a list of Annotations. */
export function addNote(into: Draft, name: string, text: string | undefined): void {
  if (text !== undefined) into[name] = [...listOf(into[name]), { text }];
}

/** Adds a note to a single Annotation as its last paragraph. The author is dropped, because the note isn't theirs. */
export function addToNote(into: Draft, name: string, text: string | undefined): void {
  if (text === undefined) return;
  const note = into[name];
  into[name] = isObject(note) && textOf(note['text']) !== undefined ? { text: `${note['text']}\n\n${text}` } : { text };
}

/** Adds a note to an element of type string. */
export function addToText(into: Draft, name: string, text: string | undefined): void {
  if (text !== undefined) into[name] = [textOf(into[name]), text].filter((one) => one !== undefined).join('\n');
}
