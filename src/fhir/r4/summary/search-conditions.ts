import type { RowCondition } from '../../model/condition.ts';

/** Returns the search condition that a token parameter has one of the codes, in any code system. */
export const hasCode = (index: string, ...codes: readonly string[]): RowCondition => ({
  kind: 'token',
  index,
  values: codes.map((code) => ({ system: undefined, code })),
});

export const lacksCode = (index: string, ...codes: readonly string[]): RowCondition => ({
  kind: 'not',
  of: hasCode(index, ...codes),
});

export const anyOf = (...of: readonly RowCondition[]): RowCondition => ({ kind: 'any', of });

/** Returns the search condition that a token parameter has one of the LOINC codes. */
export const hasLoincCode = (index: string, ...codes: readonly string[]): RowCondition => ({
  kind: 'token',
  index,
  values: codes.map((code) => ({ system: LOINC, code })),
});

export const LOINC = 'http://loinc.org';
