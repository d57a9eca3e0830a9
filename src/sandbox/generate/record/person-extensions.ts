import { coding, conceptOf, usCoreExtension } from '../codes/coding.ts';
import type { Persona } from '../persona.ts';

const SEX = {
  F: coding('snomed', '248152002', 'Female (finding)'),
  M: coding('snomed', '248153007', 'Male (finding)'),
} as const;
const IDENTITIES = {
  female: conceptOf('snomed', '446141000124107', 'Identifies as female gender (finding)', 'Female'),
  male: conceptOf('snomed', '446151000124109', 'Identifies as male gender (finding)', 'Male'),
} as const;
const TRIBES = {
  navajo: conceptOf('tribe', '170', 'Navajo Nation, Arizona, New Mexico & Utah', 'Navajo Nation'),
} as const;
const YES = coding('snomed', '373066001', 'Yes (qualifier value)');
const NO = coding('snomed', '373067005', 'No (qualifier value)');

/** US Core extensions other than race, ethnicity and birth sex. */
export const personExtensions = ({ tribe, sex, birthSex, identifiesAs, interpreter }: Persona): readonly object[] => [
  ...(tribe === undefined ? [] : [affiliation(tribe)]),
  ...(sex === undefined || birthSex === 'UNK' ? [] : [sexIn(sex, SEX[birthSex])]),
  ...(identifiesAs === undefined
    ? []
    : [{ url: usCoreExtension('us-core-genderIdentity'), valueCodeableConcept: IDENTITIES[identifiesAs] }]),
  ...(interpreter === undefined ? [] : [interpreterExtension(interpreter)]),
];

const affiliation = (tribe: keyof typeof TRIBES) => ({
  url: usCoreExtension('us-core-tribal-affiliation'),
  extension: [
    { url: 'tribalAffiliation', valueCodeableConcept: TRIBES[tribe] },
    { url: 'isEnrolled', valueBoolean: true },
  ],
});

const sexIn = (form: 'code' | 'coding', sex: { readonly code: string }) => ({
  url: usCoreExtension('us-core-sex'),
  ...(form === 'code' ? { valueCode: sex.code } : { valueCoding: sex }),
});

const interpreterExtension = (needed: boolean) => ({
  url: usCoreExtension('us-core-interpreter-needed'),
  valueCoding: needed ? YES : NO,
});

/** Extension for an encounter, consistent with the Patient. */
export const interpreterNeeded = ({ interpreter }: Persona): object =>
  interpreter === undefined ? {} : { extension: [interpreterExtension(interpreter)] };

/** The US Core versions that the Patient conforms to; undefined means all. */
export const versionsMet = ({ sex }: Persona): readonly string[] | undefined =>
  sex === undefined ? undefined : sex === 'code' ? ['6.1.0', '7.0.0'] : ['8.0.0'];
