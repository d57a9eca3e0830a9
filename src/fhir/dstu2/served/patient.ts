import type { ServedType } from '../../model/fhir-version.ts';
import type { SearchParameter, TokenValue } from '../../model/search-parameter.ts';
import { CDC_RACE_AND_ETHNICITY, DSTU2_CDC_SYSTEMS } from '../convert/datatypes/extension.ts';
import {
  addressParameters,
  conceptParameter,
  contactParameter,
  dateParameter,
  nameParameters,
  referenceParameter,
  stringParameter,
  tokenParameter,
  untranslatedTokenParameter,
} from './parameter-builders.ts';
import { conceptTokens } from './token-translation.ts';

/**
 * Translates race and ethnicity tokens. DSTU2 resources have their codes in DSTU2 code systems, while the stored R4
 * codes are in the CDC code system.
 */
const cdcTokens = ({ system, code }: TokenValue): readonly TokenValue[] =>
  system !== undefined && DSTU2_CDC_SYSTEMS.includes(system)
    ? [{ system: CDC_RACE_AND_ETHNICITY, code }]
    : conceptTokens({ system, code });

const parameters: readonly SearchParameter[] = [
  untranslatedTokenParameter('identifier', 'An identifier of the patient, such as a medical record number.'),
  ...nameParameters('the patient'),
  stringParameter('family', ['family'], 'Family name or its beginning.'),
  stringParameter('given', ['given'], 'Given name or its beginning.'),
  untranslatedTokenParameter('gender', 'Administrative gender.', 'female'),
  dateParameter('birthdate', 'birthdate', 'Date of birth.', 'ge1940-01-01'),
  untranslatedTokenParameter('active', 'true if the record is in use, otherwise false.'),
  untranslatedTokenParameter('deceased', 'true if the patient has died.'),
  { kind: 'date', name: 'deathdate', index: 'death-date', documentation: 'Date of death.' },
  ...addressParameters,
  ...['telecom', 'phone', 'email'].map(contactParameter),
  conceptParameter('language', 'language', 'A language that the patient speaks.'),
  tokenParameter('race', 'race', cdcTokens, 'Race, as a CDC code.'),
  tokenParameter('ethnicity', 'ethnicity', cdcTokens, 'Ethnicity, as a CDC code.'),
  referenceParameter(
    'careprovider',
    'general-practitioner',
    ['Organization', 'Practitioner'],
    'Care provider of the patient.',
    ['careProvider'],
  ),
  referenceParameter('organization', 'organization', ['Organization'], 'Organization that maintains the record.'),
  referenceParameter('link', 'link', ['Patient'], 'Another record of the patient.'),
];

export const PATIENT: ServedType = { name: 'Patient', stored: 'Patient', compartment: 'record', parameters };
