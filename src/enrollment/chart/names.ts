import { elementsAt, personName } from '../../fhir/index.ts';

const readTexts = (value: unknown, path: string): readonly string[] =>
  elementsAt(value, path).filter((part): part is string => typeof part === 'string' && part.trim() !== '');

/** Returns the display name of a Patient or RelatedPerson. Returns '' if there is none. */
export const readName = (person: unknown): string => toPlainLine(personName(person) ?? '');

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
