/**
 * Normalizes a name for comparison: removes case, accents and all characters other than letters and
 * digits. "Núñez-O’Hara" becomes "nunez o hara".
 */
export const foldName = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Normalizes an identifier for comparison: keeps letters and digits only. "MRN 00-12" becomes "mrn0012". */
export const foldIdentifier = (number: string): string => foldName(number).replaceAll(' ', '');
