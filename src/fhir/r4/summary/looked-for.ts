import type { Condition } from '../../core/condition.ts';

/** The token parameter has one of these codes, in any code system. */
export const has = (index: string, ...codes: readonly string[]): Condition => ({
  kind: 'token',
  index,
  values: codes.map((code) => ({ system: undefined, code })),
});

export const hasNot = (index: string, ...codes: readonly string[]): Condition => ({
  kind: 'not',
  of: has(index, ...codes),
});

export const either = (...of: readonly Condition[]): Condition => ({ kind: 'any', of });

/** The token parameter has one of these LOINC codes. */
export const hasLoinc = (index: string, ...codes: readonly string[]): Condition => ({
  kind: 'token',
  index,
  values: codes.map((code) => ({ system: LOINC, code })),
});

export const LOINC = 'http://loinc.org';
