import { elementsAt } from '../../fhir/index.ts';

const textsAt = (value: unknown, path: string): readonly string[] =>
  elementsAt(value, path).filter((part): part is string => typeof part === 'string' && part.trim() !== '');

/** FHIR R4 HumanName of a Patient or RelatedPerson: the official one, else the usual, else the first that is not over. */
export function nameIn(person: unknown): string {
  const names = elementsAt(person, 'name');
  const used = (...uses: readonly string[]) => names.find((name) => uses.includes(textsAt(name, 'use')[0] ?? ''));
  const current = names.find((name) => textsAt(name, 'use')[0] !== 'old');
  const chosen = used('official') ?? used('usual') ?? current ?? names[0];
  const parts = ['prefix', 'given', 'family'].flatMap((part) => textsAt(chosen, part));
  return plain(textsAt(chosen, 'text')[0] ?? parts.join(' '));
}

/** As it can stand in a letter or the head of a mail: one line, without what only steers a printer. */
export const plain = (text: string): string =>
  text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200);

/** How a RelatedPerson stands to the patient, in the words of the record. */
export function relationshipIn(person: unknown): string {
  const [said] = ['relationship.text', 'relationship.coding.display', 'relationship.coding.code'].flatMap((path) =>
    textsAt(person, path),
  );
  return plain(said ?? '');
}
