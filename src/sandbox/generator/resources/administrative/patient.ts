import { codeableConcept, coding, profileMeta, type SandboxCoding, usCoreExtensionUrl } from '../../../codes/coding.ts';
import { toFhirDate, toFhirDateTime } from '../../../scenarios/calendar.ts';
import { fullName, type LanguageKey, type Persona, type RaceKey } from '../../../scenarios/persona.ts';
import type { RecordBuilder } from '../../record-builder.ts';
import { patientExtensions, supportedUsCoreVersions } from './patient-extensions.ts';

const RACES: Record<Exclude<RaceKey, 'unknown'>, { omb: SandboxCoding; detailed?: SandboxCoding }> = {
  white: { omb: coding('cdcRace', '2106-3', 'White') },
  black: { omb: coding('cdcRace', '2054-5', 'Black or African American') },
  asian: { omb: coding('cdcRace', '2028-9', 'Asian') },
  chinese: { omb: coding('cdcRace', '2028-9', 'Asian'), detailed: coding('cdcRace', '2034-7', 'Chinese') },
  asianIndian: { omb: coding('cdcRace', '2028-9', 'Asian'), detailed: coding('cdcRace', '2029-7', 'Asian Indian') },
  navajo: {
    omb: coding('cdcRace', '1002-5', 'American Indian or Alaska Native'),
    detailed: coding('cdcRace', '1382-1', 'Navajo'),
  },
  hawaiian: {
    omb: coding('cdcRace', '2076-8', 'Native Hawaiian or Other Pacific Islander'),
    detailed: coding('cdcRace', '2079-2', 'Native Hawaiian'),
  },
  arab: { omb: coding('cdcRace', '2106-3', 'White'), detailed: coding('cdcRace', '2129-5', 'Arab') },
};

const extensionPart = (url: string, value: SandboxCoding | string) =>
  typeof value === 'string' ? { url, valueString: value } : { url, valueCoding: value };

/**
 * Builds the US Core extension for race or ethnicity. If the person gave no answer, it has no codes, only the required
 * text.
 */
function raceOrEthnicity(name: string, omb: SandboxCoding | undefined, detailed: SandboxCoding | undefined) {
  return {
    url: usCoreExtensionUrl(name),
    extension: [
      ...(omb === undefined ? [] : [extensionPart('ombCategory', omb)]),
      ...(detailed === undefined ? [] : [extensionPart('detailed', detailed)]),
      extensionPart('text', (detailed ?? omb)?.display ?? 'Declined to answer'),
    ],
  };
}

function extensions(persona: Persona) {
  const { race, hispanic, birthSex } = persona;
  const known = race === 'unknown' ? undefined : RACES[race];
  const latino = coding('cdcRace', '2135-2', 'Hispanic or Latino');
  const ethnicity = hispanic === undefined ? coding('cdcRace', '2186-5', 'Not Hispanic or Latino') : latino;
  const detailed = hispanic === 'mexican' ? coding('cdcRace', '2148-5', 'Mexican') : undefined;
  return [
    raceOrEthnicity('us-core-race', known?.omb, known?.detailed),
    raceOrEthnicity('us-core-ethnicity', hispanic === 'unknown' ? undefined : ethnicity, detailed),
    { url: usCoreExtensionUrl('us-core-birthsex'), valueCode: birthSex },
    ...patientExtensions(persona),
  ];
}

function names(chart: RecordBuilder) {
  const { given, family, prefix, suffix, formerly, calledBy } = chart.scenario.persona;
  const text = fullName(chart.scenario.persona);
  const until = formerly && toFhirDate(chart.dateAt(formerly.until));
  return [
    {
      use: 'official',
      text,
      family,
      given,
      ...(prefix && { prefix: [prefix] }),
      ...(suffix && { suffix: [suffix] }),
      ...(until && { period: { start: until } }),
    },
    ...(formerly === undefined ? [] : [{ use: 'old', family: formerly.family, given, period: { end: until } }]),
    ...(calledBy === undefined ? [] : [{ use: 'usual', text: calledBy, given: [calledBy] }]),
  ];
}

const LANGUAGES: Record<LanguageKey, string> = { en: 'English', es: 'Spanish', zh: 'Chinese', ar: 'Arabic' };

const communication = (languages: readonly LanguageKey[]) =>
  languages.map((code, index) => ({
    language: codeableConcept('language', code, LANGUAGES[code]),
    ...(index === 0 ? { preferred: true } : {}),
  }));

const MARRIED = { M: 'Married', S: 'Never Married', W: 'Widowed', D: 'Divorced' } as const;

const RELATIONS = {
  mother: ['N', 'Next-of-Kin'],
  daughter: ['N', 'Next-of-Kin'],
  spouse: ['C', 'Emergency Contact'],
} as const;

function contact(persona: Persona, serial: number) {
  const { contact: person } = persona;
  if (person === undefined) return {};
  const [code, display] = RELATIONS[person.relation];
  return {
    contact: [
      {
        relationship: [codeableConcept('contactRole', code, display, person.relation)],
        name: { family: person.family, given: [person.given] },
        telecom: [{ system: 'phone', value: phone(serial + 30), use: 'mobile' }],
      },
    ],
  };
}

/** Returns a number between 602-555-0140 and 602-555-0199. These numbers are reserved for fiction. */
export const phone = (serial: number): string => `602-555-0${140 + (serial % 60)}`;

/** The data-absent-reason extension, for elements that have no code of their own for missing data. */
const NO_PHONE = {
  system: 'phone',
  _value: {
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'asked-declined' }],
  },
};

const UNKNOWN_AT_WORK = {
  system: 'phone',
  use: 'work',
  _value: {
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
  },
};

function addresses(chart: RecordBuilder): readonly object[] {
  const { street, town, movedFrom, age } = chart.scenario.persona;
  const since = movedFrom?.until ?? Math.min(age, 4);
  const at = (line: string, [city, postalCode]: readonly [string, string]) => ({
    line: [line],
    city,
    state: 'AZ',
    postalCode,
    country: 'US',
  });
  const moved = toFhirDate(chart.dateAt(since));
  return [
    { use: 'home', type: 'both', ...at(street, town), period: { start: moved } },
    ...(movedFrom === undefined
      ? []
      : [{ use: 'old', type: 'both', ...at(movedFrom.street, movedFrom.town), period: { end: moved } }]),
  ];
}

/** Adds the US Core Patient. */
export function addPatient(chart: RecordBuilder, serial: number): void {
  const { persona } = chart.scenario;
  const { numbers } = chart.directory;
  chart.add('Patient', 'self', {
    meta: profileMeta('us-core-patient', supportedUsCoreVersions(persona)),
    extension: extensions(persona),
    identifier: [
      {
        use: 'usual',
        type: codeableConcept('identifierType', 'MR', 'Medical record number'),
        system: numbers.system,
        value: `${numbers.prefix}-${String(serial).padStart(6, '0')}`,
        assigner: chart.directory.organization('practice'),
      },
    ],
    active: persona.died === undefined,
    name: names(chart),
    telecom: [
      persona.noPhone === true ? NO_PHONE : { system: 'phone', value: phone(serial), use: 'mobile', rank: 1 },
      { system: 'email', value: `${persona.username}@example.com`, use: 'home' },
      ...(persona.workPhoneUnknown === true ? [UNKNOWN_AT_WORK] : []),
    ],
    gender: persona.gender,
    birthDate: toFhirDate(chart.dateAt(persona.age)),
    ...(persona.died === undefined ? {} : { deceasedDateTime: toFhirDateTime(chart.dateAt(persona.died)) }),
    address: addresses(chart),
    ...(persona.married === undefined
      ? {}
      : { maritalStatus: codeableConcept('maritalStatus', persona.married, MARRIED[persona.married]) }),
    ...contact(persona, serial),
    communication: communication(persona.languages),
    generalPractitioner: [chart.directory.practitioner(persona.doctor)],
    managingOrganization: chart.directory.organization('practice'),
  });
}
