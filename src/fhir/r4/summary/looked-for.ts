import type { Condition } from '../../core/condition.ts';

/** A code of any system at a token parameter: any of them. */
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

/** A code of LOINC: any of them. */
export const hasLoinc = (index: string, ...codes: readonly string[]): Condition => ({
  kind: 'token',
  index,
  values: codes.map((code) => ({ system: LOINC, code })),
});

export const LOINC = 'http://loinc.org';
