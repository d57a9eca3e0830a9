import { elementsAt } from '../../fhir/index.ts';

const readTexts = (value: unknown, path: string): readonly string[] =>
  elementsAt(value, path).filter((part): part is string => typeof part === 'string' && part.trim() !== '');

/**
 * Returns the display name from the HumanNames of a Patient or RelatedPerson: the official name if there is one, then
 * the usual name, then the first name that isn't marked `old`.
 */
export function readName(person: unknown): string {
  const names = elementsAt(person, 'name');
  const used = (...uses: readonly string[]) => names.find((name) => uses.includes(readTexts(name, 'use')[0] ?? ''));
  const current = names.find((name) => readTexts(name, 'use')[0] !== 'old');
  const chosen = used('official') ?? used('usual') ?? current ?? names[0];
  const parts = ['prefix', 'given', 'family'].flatMap((part) => readTexts(chosen, part));
  return toPlainLine(readTexts(chosen, 'text')[0] ?? parts.join(' '));
}

/**
 * Reduces a text to one line of at most 200 characters without control and format characters, for a letter or an email
 * header.
 */
export const toPlainLine = (text: string): string =>
  text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200);

/** Returns the relationship of a RelatedPerson to the patient, such as "mother", as the record words it. */
export function readRelationship(person: unknown): string {
  const [text] = ['relationship.text', 'relationship.coding.display', 'relationship.coding.code'].flatMap((path) =>
    readTexts(person, path),
  );
  return toPlainLine(text ?? '');
}
