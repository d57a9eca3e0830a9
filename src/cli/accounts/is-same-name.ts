/** Compares names regardless of case and spacing. */
export const isSameName = (one: string, other: string): boolean => foldName(one) === foldName(other);

const foldName = (name: string): string => name.normalize('NFKC').trim().replaceAll(/\s+/gu, ' ').toLowerCase();
