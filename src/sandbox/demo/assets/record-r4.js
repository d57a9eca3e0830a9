// Maps FHIR R4 to the app's own model. record-dstu2.js does the same for DSTU2.
import {
  changing,
  codesOf,
  counted,
  documents,
  doubtOf,
  isFamilyHistory,
  isRefuted,
  measurement,
  nameText,
  newestFirst,
  quantityText,
  shots,
  valid,
  visits,
  wordsOf,
} from './record.js';

export const R4 = {
  name: 'FHIR R4',
  /** Types that are read, in this order. */
  types: [
    'Condition',
    'MedicationRequest',
    'AllergyIntolerance',
    'Observation',
    'Immunization',
    'Encounter',
    'DocumentReference',
  ],
  person,
  medicines: (resources) => newestFirst(valid(resources).map(medicine), 'since'),
  allergies: (resources) => valid(resources).map(allergy),
  problems: (resources) => newestFirst(valid(resources).map(problem), 'since'),
  results: (resources) => counted(resources).flatMap(results),
  shots,
  visits,
  documents,
  names: {
    medicines: 'MedicationRequest',
    allergies: 'AllergyIntolerance',
    problems: 'Condition',
    results: 'Observation',
    shots: 'Immunization',
    visits: 'Encounter',
    documents: 'DocumentReference',
  },
};

function person(patient) {
  const old = patient.name?.find(({ use }) => use === 'old');
  return {
    name: nameText(patient.name),
    formerly: old?.family,
    born: patient.birthDate,
    died: patient.deceasedDateTime ?? (patient.deceasedBoolean ? '' : undefined),
    sex: patient.gender,
    practice: patient.managingOrganization?.display,
    doctor: patient.generalPractitioner?.[0]?.display,
    number: patient.identifier?.find(({ type }) => codesOf(type).includes('MR'))?.value,
    languages: (patient.communication ?? []).map(({ language }) => wordsOf(language)).filter(Boolean),
  };
}

const ORDERS = ['order', 'original-order', 'reflex-order', 'filler-order', 'instance-order'];

const isReported = ({ reportedBoolean, reportedReference }) =>
  reportedBoolean === true || reportedReference !== undefined;

/** US Core: a medication taken without a prescription has intent plan and is reported. */
const isPlanned = (request) =>
  request.status === 'draft' ||
  (!ORDERS.includes(request.intent ?? 'order') && !(request.intent === 'plan' && isReported(request)));

function medicine(request) {
  const [dosage] = request.dosageInstruction ?? [];
  return {
    name: wordsOf(request.medicationCodeableConcept) ?? request.medicationReference?.display,
    how: dosage?.text,
    state: request.status,
    planned: isPlanned(request),
    forbidden: request.doNotPerform === true,
    reported: isReported(request),
    since: request.authoredOn,
    why: wordsOf(request.reasonCode?.[0]),
    ended: wordsOf(request.statusReason),
    by: request.requester?.display,
  };
}

const allergy = (given) => ({
  name: wordsOf(given.code),
  reactions: (given.reaction ?? []).flatMap((reaction) => (reaction.manifestation ?? []).map(wordsOf).filter(Boolean)),
  severity: given.reaction?.find((reaction) => reaction.severity)?.severity,
  state: isRefuted(given) ? 'refuted' : (codesOf(given.clinicalStatus)[0] ?? 'active'),
  doubt: doubtOf(given),
  since: given.onsetDateTime,
});

function problem(condition) {
  const categories = (condition.category ?? []).flatMap(codesOf);
  return {
    name: wordsOf(condition.code),
    kind: categories.includes('health-concern')
      ? 'concern'
      : categories.includes('encounter-diagnosis')
        ? 'visit'
        : 'problem',
    state: isRefuted(condition) ? 'refuted' : codesOf(condition.clinicalStatus)[0],
    doubt: doubtOf(condition),
    family: isFamilyHistory(condition),
    since: condition.onsetDateTime ?? condition.recordedDate,
    until: condition.abatementDateTime,
  };
}

/**
 * Returns one result for an Observation; if it has no value of its own, one for each component (blood pressure), or
 * none for a panel.
 */
function results(observation) {
  const about = {
    at: observation.effectiveDateTime ?? observation.effectivePeriod?.start ?? observation.issued,
    category: (observation.category ?? []).flatMap(codesOf)[0],
    changing: changing(observation),
  };
  const isWhole = quantityText(observation) !== undefined || observation.dataAbsentReason !== undefined;
  if (observation.component !== undefined && !isWhole) {
    return observation.component.map((part) => ({ ...about, group: wordsOf(observation.code), ...measurement(part) }));
  }
  if (observation.hasMember !== undefined && quantityText(observation) === undefined) return [];
  return [{ ...about, ...measurement(observation), missing: wordsOf(observation.dataAbsentReason) }];
}
