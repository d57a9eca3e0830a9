/** FHIR R4 search dice3.1.1.4.0.1: bars, commas, dollars and backslashes in a value are escaped with a backslash. */
export const escapeValue = (text: string): string => text.replaceAll(/[\\,|$]/g, (letter) => `\\${letter}`);

/** Splits a text at unescaped marks, and keeps the backslashes. */
export function splitEscaped(text: string, mark: string): readonly string[] {
  const parts = [''];
  for (const [letter] of text.matchAll(/\\.|[^\\]/gsu)) {
    if (letter === mark) parts.push('');
    else parts.push(`${parts.pop()}${letter}`);
  }
  return parts;
}

export const unescapeValue = (text: string): string => text.replaceAll(/\\([\\,|$])/g, '$1');
