/** Fields of a form or query string, each with one text value. */
export type FormFields = Readonly<Record<string, string>>;

/**
 * Parses a form or query string. A field that occurs more than once counts as absent. NUL characters are removed
 * because PostgreSQL text can't contain them.
 */
export function parseFields(input: unknown): FormFields {
  const texts = Object.entries(Object(input) as Record<string, unknown>).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.assign(
    Object.create(null),
    Object.fromEntries(texts.map(([name, text]) => [name, text.replaceAll('\0', '')])),
  );
}

/** Returns the value of a field without surrounding spaces. Empty if the field is absent. */
export const trimmedField = (fields: FormFields, name: string): string => (fields[name] ?? '').trim();
