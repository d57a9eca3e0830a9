/** Splits pasted addresses at commas, spaces and line breaks. A trailing separator adds an empty field. */
export function splitUrls(text: string): readonly string[] {
  const parts = text.trim().split(/[,\s]+/);
  const named = parts.filter((one) => one !== '');
  return named.length === 0 ? [''] : parts.at(-1) === '' ? [...named, ''] : named;
}
