import type { OptionDefinition } from '../definition.ts';

/** Practice of a command that works on one practice. */
export const PRACTICE = {
  value: 'NAME',
  text: 'Practice (default: the only live practice)',
} as const satisfies OptionDefinition;

/** Practice of a command that lists all practices otherwise. */
export const ONLY_PRACTICE = {
  value: 'NAME',
  text: 'Only this practice (default: all)',
} as const satisfies OptionDefinition;

/** Practice of a patient, for patient ids that several practices use. */
export const PRACTICE_OF_PATIENT = {
  value: 'NAME',
  text: 'Practice, if several have a patient with this id',
} as const satisfies OptionDefinition;
