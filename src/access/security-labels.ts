import type { SecurityLabel } from '../domain/index.ts';

/** Returns the key under which consent choices store a sensitive security label. */
export const labelKey = ({ system, code }: SecurityLabel): string => `sensitive:${system}|${code}`;

/**
 * Returns the sensitive security labels that the patient did not allow.
 * @param allowed keys of the allowed labels, from `labelKey`
 */
export const findWithheldLabels = (
  sensitive: readonly SecurityLabel[],
  allowed: readonly string[],
): readonly SecurityLabel[] => sensitive.filter((label) => !allowed.includes(labelKey(label)));
