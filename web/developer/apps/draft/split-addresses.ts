/** Addresses as they are pasted: with commas, spaces or lines between them. One that ends with a comma is followed by an empty one. */
export function splitAddresses(text: string): readonly string[] {
  const parts = text.trim().split(/[,\s]+/);
  const named = parts.filter((one) => one !== '');
  return named.length === 0 ? [''] : parts.at(-1) === '' ? [...named, ''] : named;
}
