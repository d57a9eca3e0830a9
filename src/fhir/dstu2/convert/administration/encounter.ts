import { isObject, objectsIn } from '../../../../kernel/index.ts';
import { hiddenByStatus, type ResourceConversion } from '../conversion.ts';
import {
  append,
  appendTo,
  type CodeMap,
  type ConversionRule,
  codeMap,
  type DraftElement,
  drop,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  map,
  mapCode,
  mapFirst,
  markPartly,
  withoutModifierExtensions,
  withPartsOf,
} from '../conversion-rules.ts';
import { numberText } from '../datatypes/amount-text.ts';
import { convertConcept, findCode } from '../datatypes/coding.ts';
import { convertDuration, convertIdentifier, convertPeriod } from '../datatypes/datatypes.ts';
import { linkConverter, referenceConverter, referencedType } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

export const ENCOUNTER_STATUS: CodeMap = codeMap({
  planned: 'planned',
  arrived: 'arrived',
  triaged: 'arrived',
  'in-progress': 'in-progress',
  onleave: 'onleave',
  finished: 'finished',
  cancelled: 'cancelled',
});
export const ENCOUNTER_LOCATION_STATUS: CodeMap = codeMap({
  planned: 'planned',
  active: 'active',
  reserved: 'reserved',
  completed: 'completed',
});
export const ENCOUNTER_CLASS: CodeMap = codeMap({
  AMB: 'ambulatory',
  EMER: 'emergency',
  IMP: 'inpatient',
  ACUTE: 'inpatient',
  NONAC: 'inpatient',
  HH: 'home',
  FLD: 'field',
  VR: 'virtual',
  SS: 'daytime',
  OBSENC: 'other',
  PRENC: 'other',
});

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
/** Encounter.class is a Coding in R4 and a code in DSTU2. A class without a DSTU2 code is left out. */
const encounterClass: ConversionRule = (from, name, into) => {
  const value = from[name];
  const code = isObject(value) && value['system'] === ACT_CODE ? ENCOUNTER_CLASS.get(String(value['code'])) : undefined;
  if (code !== undefined) into[name] = code;
};

const statusHistory = elementConverter(
  { status: mapCode(ENCOUNTER_STATUS), period: map(convertPeriod) },
  'status',
  'period',
);
const participant = elementConverter({
  type: map(convertConcept),
  period: map(convertPeriod),
  individual: map(referenceConverter('Practitioner', 'RelatedPerson')),
});
const convertEncounterLocation = elementConverter(
  {
    location: map(referenceConverter('Location')),
    status: mapCode(ENCOUNTER_LOCATION_STATUS),
    physicalType: drop,
    period: map(convertPeriod),
  },
  'location',
);
const convertHospitalization = elementConverter({
  preAdmissionIdentifier: map(convertIdentifier),
  origin: map(referenceConverter('Location')),
  admitSource: map(convertConcept),
  reAdmission: map(convertConcept),
  dietPreference: map(convertConcept),
  specialCourtesy: map(convertConcept),
  specialArrangement: map(convertConcept),
  destination: map(referenceConverter('Location')),
  dischargeDisposition: map(convertConcept),
});
/**
 * Converts Encounter.hospitalization. The conversion of Encounter.diagnosis may have added admission or discharge
 * diagnoses to the DSTU2 element before. They stay in it.
 */
const hospitalization: ConversionRule = (from, name, into, context) => {
  const converted = convertHospitalization(from[name], context);
  if (isObject(converted)) into[name] = { ...converted, ...(isObject(into[name]) ? into[name] : {}) };
};

const ROLES = 'http://terminology.hl7.org/CodeSystem/diagnosis-role';
const HOSPITALIZATION_DIAGNOSES: CodeMap = codeMap({ AD: 'admittingDiagnosis', DD: 'dischargeDiagnosis' });
const toCondition = linkConverter('Condition');
const toIndication = linkConverter('Condition', 'Procedure');

/**
 * Converts Encounter.diagnosis in the order of `rank`. An admission or discharge diagnosis that is a Condition goes
 * into Encounter.hospitalization. Every other diagnosis becomes an Encounter.indication.
 */
const diagnosisParts = elementConverter({
  condition: handledElsewhere,
  use: markPartly(handledElsewhere),
  rank: handledElsewhere,
});
const diagnosis: ConversionRule = withPartsOf(diagnosisParts, (from, name, into, context) => {
  for (const one of withoutModifierExtensions(from[name]).toSorted((a, b) => rankValue(a) - rankValue(b))) {
    const role = HOSPITALIZATION_DIAGNOSES.get(findCode(one['use'], ROLES) ?? '');
    const condition = role === undefined ? undefined : toCondition(one['condition'], context);
    if (role !== undefined && condition !== undefined) addToHospitalization(into, role, condition);
    else addIndication(into, toIndication(one['condition'], context));
  }
});
const rankValue = ({ rank }: FhirJson): number => Number(numberText(rank) ?? Number.MAX_SAFE_INTEGER);

function addToHospitalization(into: DraftElement, role: string, condition: unknown): void {
  const converted: DraftElement = isObject(into['hospitalization']) ? { ...into['hospitalization'] } : {};
  append(converted, role, [condition]);
  into['hospitalization'] = converted;
}

/**
 * Adds a reference to Encounter.indication. A Condition may be both a reason and a diagnosis of the encounter; it is
 * added once.
 */
function addIndication(into: DraftElement, converted: unknown): void {
  if (!isObject(converted)) return;
  const isThere = objectsIn(into['indication']).some((one) => one['reference'] === converted['reference']);
  if (!isThere) append(into, 'indication', [converted]);
}

export const encounterConversion: ResourceConversion = {
  type: 'Encounter',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    status: mapCode(ENCOUNTER_STATUS),
    statusHistory: map(statusHistory),
    class: encounterClass,
    classHistory: drop,
    type: map(convertConcept),
    serviceType: drop,
    priority: map(convertConcept),
    subject: map(referenceConverter('Patient'), 'patient'),
    episodeOfCare: map(referenceConverter('EpisodeOfCare')),
    basedOn: map(referenceConverter('ReferralRequest'), 'incomingReferral'),
    participant: map(participant),
    appointment: mapFirst(referenceConverter('Appointment')),
    period: map(convertPeriod),
    length: map(convertDuration),
    reasonCode: map(convertConcept, 'reason'),
    reasonReference: markPartly(appendTo('indication', toIndication)),
    diagnosis,
    account: drop,
    hospitalization,
    location: map(convertEncounterLocation),
    serviceProvider: map(referenceConverter('Organization')),
    partOf: map(referenceConverter('Encounter')),
  }),
  hiddenBy: (from, context) =>
    referencedType(from['subject'], context) === 'Group'
      ? 'subject-is-group'
      : hiddenByStatus(from['status'], ENCOUNTER_STATUS),
  required: ['status'],
  profiles: [],
};
