/** Escapes bars, commas, dollars and backslashes in a search value with a backslash (FHIR R4 search §3.1.1.4.0.1). */
export const escapeValue = (text: string): string => text.replaceAll(/[\\,|$]/g, (letter) => `\\${letter}`);

/** Splits a text at each unescaped mark. Backslashes remain in the parts. */
export function splitEscaped(text: string, mark: string): readonly string[] {
  const parts = [''];
  for (const [letter] of text.matchAll(/\\.|[^\\]/gsu)) {
    if (letter === mark) parts.push('');
    else parts.push(`${parts.pop()}${letter}`);
  }
  return parts;
}

export const unescapeValue = (text: string): string => text.replaceAll(/\\([\\,|$])/g, '$1');
