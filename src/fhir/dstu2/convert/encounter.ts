import { numberIn } from './amount-words.ts';
import { codeIn, concept } from './coding.ts';
import { type Conversion, hiddenByStatus } from './conversion.ts';
import { duration, identifier, period } from './datatypes.ts';
import {
  add,
  addedTo,
  type Codes,
  coded,
  codes,
  type Draft,
  dropped,
  firstOf,
  isObject,
  type Json,
  likeParts,
  objectsIn,
  of,
  partly,
  type Rule,
  readElsewhere,
  shape,
  unmodified,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { link, reference, targetType } from './reference.ts';

export const ENCOUNTER_STATUS: Codes = codes({
  planned: 'planned',
  arrived: 'arrived',
  triaged: 'arrived',
  'in-progress': 'in-progress',
  onleave: 'onleave',
  finished: 'finished',
  cancelled: 'cancelled',
});
export const LOCATION_STATUS: Codes = codes({
  planned: 'planned',
  active: 'active',
  reserved: 'reserved',
  completed: 'completed',
});
export const ENCOUNTER_CLASS: Codes = codes({
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
/** R4 has a Coding where DSTU2 has its own codes. A class without a DSTU2 code is left out. */
const encounterClass: Rule = (from, name, into) => {
  const value = from[name];
  const code = isObject(value) && value['system'] === ACT_CODE ? ENCOUNTER_CLASS.get(String(value['code'])) : undefined;
  if (code !== undefined) into[name] = code;
};

const statusHistory = shape({ status: coded(ENCOUNTER_STATUS), period: of(period) }, 'status', 'period');
const participant = shape({
  type: of(concept),
  period: of(period),
  individual: of(reference('Practitioner', 'RelatedPerson')),
});
const convertEncounterLocation = shape(
  { location: of(reference('Location')), status: coded(LOCATION_STATUS), physicalType: dropped, period: of(period) },
  'location',
);
const convertHospitalization = shape({
  preAdmissionIdentifier: of(identifier),
  origin: of(reference('Location')),
  admitSource: of(concept),
  reAdmission: of(concept),
  dietPreference: of(concept),
  specialCourtesy: of(concept),
  specialArrangement: of(concept),
  destination: of(reference('Location')),
  dischargeDisposition: of(concept),
});
/** Keeps diagnoses of admission and discharge that may have been added before. */
const hospitalization: Rule = (from, name, into, context) => {
  const converted = convertHospitalization(from[name], context);
  if (isObject(converted)) into[name] = { ...converted, ...(isObject(into[name]) ? into[name] : {}) };
};

const ROLES = 'http://terminology.hl7.org/CodeSystem/diagnosis-role';
const HOSPITALIZATION_DIAGNOSES: Codes = codes({ AD: 'admittingDiagnosis', DD: 'dischargeDiagnosis' });
const toCondition = link('Condition');
const toIndication = link('Condition', 'Procedure');

/**
 * Converts diagnoses in the order of their ranks. Those of admission and discharge go into the hospitalization if they
 * are Conditions; all others become indications.
 */
const diagnosisParts = shape({ condition: readElsewhere, use: partly(readElsewhere), rank: readElsewhere });
const diagnosis: Rule = likeParts(diagnosisParts, (from, name, into, context) => {
  for (const one of unmodified(from[name]).toSorted((a, b) => rankValue(a) - rankValue(b))) {
    const role = HOSPITALIZATION_DIAGNOSES.get(codeIn(one['use'], ROLES) ?? '');
    const condition = role === undefined ? undefined : toCondition(one['condition'], context);
    if (role !== undefined && condition !== undefined) addToHospitalization(into, role, condition);
    else addIndication(into, toIndication(one['condition'], context));
  }
});
const rankValue = ({ rank }: Json): number => Number(numberIn(rank) ?? Number.MAX_SAFE_INTEGER);

function addToHospitalization(into: Draft, role: string, condition: unknown): void {
  const converted: Draft = isObject(into['hospitalization']) ? { ...into['hospitalization'] } : {};
  add(converted, role, [condition]);
  into['hospitalization'] = converted;
}

/** A reason may also be listed as a diagnosis; it is added once. */
function addIndication(into: Draft, converted: unknown): void {
  if (!isObject(converted)) return;
  const isThere = objectsIn(into['indication']).some((one) => one['reference'] === converted['reference']);
  if (!isThere) add(into, 'indication', [converted]);
}

export const encounter: Conversion = {
  type: 'Encounter',
  rules: resourceRules({
    identifier: of(identifier),
    status: coded(ENCOUNTER_STATUS),
    statusHistory: of(statusHistory),
    class: encounterClass,
    classHistory: dropped,
    type: of(concept),
    serviceType: dropped,
    priority: of(concept),
    subject: of(reference('Patient'), 'patient'),
    episodeOfCare: of(reference('EpisodeOfCare')),
    basedOn: of(reference('ReferralRequest'), 'incomingReferral'),
    participant: of(participant),
    appointment: firstOf(reference('Appointment')),
    period: of(period),
    length: of(duration),
    reasonCode: of(concept, 'reason'),
    reasonReference: partly(addedTo('indication', toIndication)),
    diagnosis,
    account: dropped,
    hospitalization,
    location: of(convertEncounterLocation),
    serviceProvider: of(reference('Organization')),
    partOf: of(reference('Encounter')),
  }),
  hiddenBy: (from, context) =>
    targetType(from['subject'], context) === 'Group'
      ? 'subject-is-group'
      : hiddenByStatus(from['status'], ENCOUNTER_STATUS),
  required: ['status'],
  profiles: [],
};
