// Maps FHIR DSTU2 (1.0.2) to the app's own model. All names specific to this version are here.
import {
  changing,
  codesOf,
  counted,
  doubtOf,
  isFamilyHistory,
  isRefuted,
  measurement,
  nameText,
  newestFirst,
  quantityText,
  valid,
  wordsOf,
} from './record.js';

export const DSTU2 = {
  name: 'FHIR DSTU2',
  /** Limitations of this version that a section mentions. */
  limits: {
    medicines:
      'DSTU2 has orders only. It leaves out planned medicines and medicines that were reported to the practice.',
  },
  types: ['Condition', 'MedicationOrder', 'AllergyIntolerance', 'Observation'],
  person,
  medicines: (resources) => newestFirst(valid(resources).map(medicine), 'since'),
  allergies: (resources) => valid(resources).map(allergy),
  problems: (resources) => newestFirst(valid(resources).map(problem), 'since'),
  results: (resources) => counted(resources).flatMap(results),
  names: {
    medicines: 'MedicationOrder',
    allergies: 'AllergyIntolerance',
    problems: 'Condition',
    results: 'Observation',
  },
};

function person(patient) {
  const old = patient.name?.find(({ use }) => use === 'old');
  return {
    name: nameText(patient.name),
    formerly: old?.family?.[0],
    born: patient.birthDate,
    died: patient.deceasedDateTime ?? (patient.deceasedBoolean ? '' : undefined),
    sex: patient.gender,
    practice: patient.managingOrganization?.display,
    doctor: patient.careProvider?.[0]?.display,
    number: patient.identifier?.find(({ type }) => codesOf(type).includes('MR'))?.value,
    languages: (patient.communication ?? []).map(({ language }) => wordsOf(language)).filter(Boolean),
  };
}

const medicine = (order) => ({
  name: wordsOf(order.medicationCodeableConcept) ?? order.medicationReference?.display,
  how: order.dosageInstruction?.[0]?.text,
  state: order.status,
  planned: order.status === 'draft',
  forbidden: false,
  reported: false,
  since: order.dateWritten,
  why: wordsOf(order.reasonCodeableConcept),
  ended: wordsOf(order.reasonEnded),
  by: order.prescriber?.display,
});

const allergy = (given) => ({
  name: wordsOf(given.substance),
  reactions: (given.reaction ?? []).flatMap((reaction) => (reaction.manifestation ?? []).map(wordsOf).filter(Boolean)),
  severity: given.reaction?.find((reaction) => reaction.severity)?.severity,
  state: ['confirmed', 'unconfirmed', undefined].includes(given.status) ? 'active' : given.status,
  doubt: given.status === 'unconfirmed' ? 'not confirmed' : undefined,
  since: given.onset,
});

/** `diagnosis` (encounter diagnosis) is DSTU2's own code, `health-concern` is Argonaut's. */
const KINDS = { diagnosis: 'visit', 'health-concern': 'concern' };

const problem = (condition) => ({
  name: wordsOf(condition.code),
  kind: KINDS[codesOf(condition.category)[0]] ?? 'problem',
  state: isRefuted(condition) ? 'refuted' : condition.clinicalStatus,
  doubt: doubtOf(condition),
  family: isFamilyHistory(condition),
  since: condition.onsetDateTime ?? condition.dateRecorded,
  until: condition.abatementDateTime,
});

function results(observation) {
  const about = {
    at: observation.effectiveDateTime ?? observation.issued,
    category: codesOf(observation.category)[0],
    changing: changing(observation),
  };
  const isWhole = quantityText(observation) !== undefined || observation.dataAbsentReason !== undefined;
  if (observation.component !== undefined && !isWhole) {
    return observation.component.map((part) => ({ ...about, group: wordsOf(observation.code), ...measurement(part) }));
  }
  if (observation.related !== undefined && quantityText(observation) === undefined) return [];
  return [{ ...about, ...measurement(observation), missing: wordsOf(observation.dataAbsentReason) }];
}
