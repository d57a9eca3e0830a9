import { isObject, nonEmptyText, toList } from '../../../../kernel/index.ts';
import type { CodeMap, DraftElement, FhirJson } from '../conversion-rules.ts';

/**
 * Returns the note for a status that the DSTU2 code expresses only roughly; undefined if the code is exact.
 * @param coarser notes by R4 code
 */
export const statusNote = (from: FhirJson, name: string, notes: CodeMap): string | undefined =>
  notes.get(nonEmptyText(from[name]) ?? '');

/** Adds a note to a list of Annotations. */
export function addToNotes(into: DraftElement, name: string, text: string | undefined): void {
  if (text !== undefined) into[name] = [...toList(into[name]), { text }];
}

/** Adds a note to a single Annotation as its last paragraph. The author is dropped, because the note isn't theirs. */
export function addToSingleNote(into: DraftElement, name: string, text: string | undefined): void {
  if (text === undefined) return;
  const note = into[name];
  into[name] =
    isObject(note) && nonEmptyText(note['text']) !== undefined ? { text: `${note['text']}\n\n${text}` } : { text };
}

/** Adds a note to an element of type string. */
export function addToString(into: DraftElement, name: string, text: string | undefined): void {
  if (text !== undefined) into[name] = [nonEmptyText(into[name]), text].filter((one) => one !== undefined).join('\n');
}
