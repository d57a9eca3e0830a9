/** A name as it is compared: without case, accents and what is neither letter nor digit. "Núñez-O’Hara" is "nunez o hara". */
export const foldName = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** An identifier as it is compared: letters and digits alone. "MRN 00-12" is "mrn0012". */
export const foldNumber = (number: string): string => foldName(number).replaceAll(' ', '');
