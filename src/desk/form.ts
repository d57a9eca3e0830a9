/** The fields of a form or an address: each once, as text. */
export type Fields = Readonly<Record<string, string>>;

/** A field given twice counts as not given. PostgreSQL's text has no NUL. */
export function fieldsOf(given: unknown): Fields {
  const texts = Object.entries(Object(given) as Record<string, unknown>).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.assign(
    Object.create(null),
    Object.fromEntries(texts.map(([name, text]) => [name, text.replaceAll('\0', '')])),
  );
}

/** What was typed, without the space around it; '' when nothing was. */
export const typed = (fields: Fields, name: string): string => (fields[name] ?? '').trim();
