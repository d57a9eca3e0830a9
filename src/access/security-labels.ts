import type { SecurityLabel } from '../domain/index.ts';

/** Key of a label in consent choices. */
export const labelKey = ({ system, code }: SecurityLabel): string => `sensitive:${system}|${code}`;

/**
 * The sensitive labels that were not allowed.
 * @param allowed keys of the allowed labels, see `labelKey`
 */
export const findWithheldLabels = (
  sensitive: readonly SecurityLabel[],
  allowed: readonly string[],
): readonly SecurityLabel[] => sensitive.filter((label) => !allowed.includes(labelKey(label)));
