import { isObject, nonEmptyText, toList } from '../../../../kernel/index.ts';
import type { CodeMap, DraftElement, FhirJson } from '../conversion-rules.ts';

/**
 * Returns a note for a status whose DSTU2 code is less precise than the R4 code. Returns undefined if the DSTU2 code is
 * as precise as the R4 code.
 * @param notes notes by R4 code
 */
export const statusNote = (from: FhirJson, name: string, notes: CodeMap): string | undefined =>
  notes.get(nonEmptyText(from[name]) ?? '');

export function addToNotes(into: DraftElement, name: string, text: string | undefined): void {
  if (text !== undefined) into[name] = [...toList(into[name]), { text }];
}

/**
 * Adds a paragraph to the end of an Annotation, for an element that may have only one. The author of the Annotation is
 * dropped, because the paragraph isn't by that author.
 */
export function addToSingleNote(into: DraftElement, name: string, text: string | undefined): void {
  if (text === undefined) return;
  const note = into[name];
  into[name] =
    isObject(note) && nonEmptyText(note['text']) !== undefined ? { text: `${note['text']}\n\n${text}` } : { text };
}

export function addToString(into: DraftElement, name: string, text: string | undefined): void {
  if (text !== undefined) into[name] = [nonEmptyText(into[name]), text].filter((one) => one !== undefined).join('\n');
}
