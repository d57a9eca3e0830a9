import type { SearchParameter, TokenValue } from '../core/search-parameter.ts';
import type { ServedType } from '../core/version.ts';
import { CDC, CDC_SYSTEM_NAMES } from './convert/extension.ts';
import { addresses, concept, contact, date, names, plainToken, reference, string, token } from './parameters.ts';
import { concepts } from './stored-tokens.ts';

/** Race and ethnicity codes are served with their DSTU2 code systems and stored with the CDC code system. */
const cdcTokens = ({ system, code }: TokenValue): readonly TokenValue[] =>
  system !== undefined && CDC_SYSTEM_NAMES.includes(system) ? [{ system: CDC, code }] : concepts({ system, code });

const parameters: readonly SearchParameter[] = [
  plainToken('identifier', 'An identifier of the patient, such as a medical record number.'),
  ...names('the patient'),
  string('family', ['family'], 'The family name, or how it begins.'),
  string('given', ['given'], 'A given name, or how it begins.'),
  plainToken('gender', 'Administrative gender.', 'female'),
  date('birthdate', 'birthdate', 'Date of birth.', 'ge1940-01-01'),
  plainToken('active', 'true, or false where the record is not in use.'),
  plainToken('deceased', 'true: the patient has died.'),
  { kind: 'date', name: 'deathdate', index: 'death-date', documentation: 'When the patient died.' },
  ...addresses,
  ...['telecom', 'phone', 'email'].map(contact),
  concept('language', 'language', 'A language that the patient speaks.'),
  token('race', 'race', cdcTokens, 'Race, as a code of the CDC.'),
  token('ethnicity', 'ethnicity', cdcTokens, 'Ethnicity, as a code of the CDC.'),
  reference('careprovider', 'general-practitioner', ['Organization', 'Practitioner'], 'Who cares for the patient.', [
    'careProvider',
  ]),
  reference('organization', 'organization', ['Organization'], 'Who keeps the record.'),
  reference('link', 'link', ['Patient'], 'Another record of the patient.'),
];

export const PATIENT: ServedType = { name: 'Patient', stored: 'Patient', home: 'record', parameters };
