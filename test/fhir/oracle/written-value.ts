/** FHIR R4 search §3.1.1.4.0.1: bars, commas, dollars and backslashes of a value are written with a backslash. */
export const escaped = (text: string): string => text.replaceAll(/[\\,|$]/g, (letter) => `\\${letter}`);

/** Cut where a mark stands without a backslash before it, with the backslashes kept. */
export function cut(text: string, mark: string): readonly string[] {
  const parts = [''];
  for (const [letter] of text.matchAll(/\\.|[^\\]/gsu)) {
    if (letter === mark) parts.push('');
    else parts.push(`${parts.pop()}${letter}`);
  }
  return parts;
}

export const plain = (text: string): string => text.replaceAll(/\\([\\,|$])/g, '$1');
