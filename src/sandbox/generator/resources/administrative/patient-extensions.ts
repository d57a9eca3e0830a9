import { codeableConcept, coding, usCoreExtensionUrl } from '../../../codes/coding.ts';
import type { Persona } from '../../../scenarios/persona.ts';

const SEX = {
  F: coding('snomed', '248152002', 'Female (finding)'),
  M: coding('snomed', '248153007', 'Male (finding)'),
} as const;
const IDENTITIES = {
  female: codeableConcept('snomed', '446141000124107', 'Identifies as female gender (finding)', 'Female'),
  male: codeableConcept('snomed', '446151000124109', 'Identifies as male gender (finding)', 'Male'),
} as const;
const TRIBES = {
  navajo: codeableConcept('tribe', '170', 'Navajo Nation, Arizona, New Mexico & Utah', 'Navajo Nation'),
} as const;
const YES = coding('snomed', '373066001', 'Yes (qualifier value)');
const NO = coding('snomed', '373067005', 'No (qualifier value)');

/** US Core extensions other than race, ethnicity and birth sex. */
export const patientExtensions = ({ tribe, sex, birthSex, identifiesAs, interpreter }: Persona): readonly object[] => [
  ...(tribe === undefined ? [] : [affiliation(tribe)]),
  ...(sex === undefined || birthSex === 'UNK' ? [] : [sexExtension(sex, SEX[birthSex])]),
  ...(identifiesAs === undefined
    ? []
    : [{ url: usCoreExtensionUrl('us-core-genderIdentity'), valueCodeableConcept: IDENTITIES[identifiesAs] }]),
  ...(interpreter === undefined ? [] : [interpreterExtension(interpreter)]),
];

const affiliation = (tribe: keyof typeof TRIBES) => ({
  url: usCoreExtensionUrl('us-core-tribal-affiliation'),
  extension: [
    { url: 'tribalAffiliation', valueCodeableConcept: TRIBES[tribe] },
    { url: 'isEnrolled', valueBoolean: true },
  ],
});

const sexExtension = (form: 'code' | 'coding', sex: { readonly code: string }) => ({
  url: usCoreExtensionUrl('us-core-sex'),
  ...(form === 'code' ? { valueCode: sex.code } : { valueCoding: sex }),
});

const interpreterExtension = (needed: boolean) => ({
  url: usCoreExtensionUrl('us-core-interpreter-needed'),
  valueCoding: needed ? YES : NO,
});

/** Returns the extension of an Encounter that says whether the patient needs an interpreter. */
export const encounterInterpreter = ({ interpreter }: Persona): object =>
  interpreter === undefined ? {} : { extension: [interpreterExtension(interpreter)] };

/** Returns the US Core versions that the Patient conforms to. Undefined if it conforms to all. */
export const supportedUsCoreVersions = ({ sex }: Persona): readonly string[] | undefined =>
  sex === undefined ? undefined : sex === 'code' ? ['6.1.0', '7.0.0'] : ['8.0.0'];
