import { identifiersOf, notesOf, recordedAt, statusCode } from './common-elements.ts';
import type { Correction } from './context.ts';
import { concept, type FhirObject, present } from './fhir-object.ts';
import { attributeAt, type CdaNode, contentAt, isNegated, nodeAt, nodesAt, relatedByCode } from './tree.ts';
import { SNOMED, toConcept, toTiming } from './values.ts';

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem/';

/** Problem and Allergy Status (LOINC 33999-4) as clinical status. C-CDA on FHIR, ConceptMap-CF-ProblemStatus. */
const CLINICAL_STATUSES: Readonly<Record<string, string>> = {
  '55561003': 'active',
  '73425007': 'inactive',
  '413322009': 'resolved',
  '246455001': 'recurrence',
  '263855007': 'relapse',
  '277022003': 'remission',
};
const ENDED = ['inactive', 'resolved', 'remission'];

/**
 * Returns the clinical status of a problem or allergy. The status of its own comes first, then that of the concern
 * (ConceptMap-CF-ConditionClinicalStatus). One with an end isn't active, whatever they say (FHIR R4 con-4).
 */
function clinicalStatus(act: CdaNode, observation: CdaNode | undefined, end: string | undefined): string {
  const own = CLINICAL_STATUSES[attributeAt(relatedByCode(observation, '33999-4'), 'value.code') ?? ''];
  if (end !== undefined) return own !== undefined && ENDED.includes(own) ? own : 'resolved';
  return own ?? (['active', ''].includes(statusCode(act)) ? 'active' : 'inactive');
}

const isNullified = (act: CdaNode, observation: CdaNode | undefined): boolean =>
  [act, observation].some((one) => one !== undefined && statusCode(one) === 'nullified');

/** Values that mean a problem of any kind: negated, they say that there is none. */
const ANY_PROBLEM = ['55607006', '404684003', '64572001'];
const NO_PROBLEM = {
  coding: [{ system: SNOMED, code: '160245001', display: 'No current problems or disability' }],
  text: 'No known problems',
};

const CONDITION_CATEGORIES: Readonly<Record<string, readonly [string, string]>> = {
  concerns: ['http://hl7.org/fhir/us/core/CodeSystem/condition-category', 'health-concern'],
  diagnoses: [`${TERMINOLOGY}condition-category`, 'encounter-diagnosis'],
};

export const correctCondition: Correction = (_, { kind, node }, context) => {
  const observation = nodeAt(node, 'entryRelationship.observation');
  const { at, start, end } = toTiming(nodeAt(observation, 'effectiveTime'), context.timeZone);
  const value = nodeAt(observation, 'value');
  const noProblem = isNegated(observation) && ANY_PROBLEM.includes(attributeAt(value, 'code') ?? '');
  const isRefuted = isNegated(observation) && !noProblem;
  const nullified = isNullified(node, observation);
  const [system, code] = CONDITION_CATEGORIES[kind] ?? [`${TERMINOLOGY}condition-category`, 'problem-list-item'];
  const text = contentAt(observation, 'text');
  const recorder = context.addActor(nodesAt(observation, 'author.assignedAuthor').at(-1));
  return {
    identifier: [...identifiersOf(node), ...identifiersOf({ id: [{}, ...nodesAt(observation, 'id')] })],
    category: [concept(system, code)],
    clinicalStatus: nullified
      ? undefined
      : concept(`${TERMINOLOGY}condition-clinical`, clinicalStatus(node, observation, end)),
    verificationStatus: concept(
      `${TERMINOLOGY}condition-ver-status`,
      nullified ? 'entered-in-error' : isRefuted ? 'refuted' : 'confirmed',
    ),
    code: noProblem ? NO_PROBLEM : (toConcept(value) ?? (text === undefined ? undefined : { text })),
    onsetDateTime: start ?? at,
    abatementDateTime: end,
    recordedDate: recordedAt([observation, node], context),
    recorder,
    asserter: undefined,
    note: [...notesOf(observation), ...notesOf(node)],
  };
};

/** Category and type of an allergy by the code of its kind. ConceptMap-CF-AllergyIntoleranceCategory and -Type. */
const ALLERGY_KINDS: Readonly<Record<string, { readonly category?: string; readonly type?: string }>> = {
  '419199007': { type: 'allergy' },
  '414285001': { category: 'food', type: 'allergy' },
  '235719002': { category: 'food', type: 'intolerance' },
  '418471000': { category: 'food' },
  '416098002': { category: 'medication', type: 'allergy' },
  '59037007': { category: 'medication', type: 'intolerance' },
  '419511003': { category: 'medication' },
  '426232007': { category: 'environment', type: 'allergy' },
};

/** Negated kinds of allergies without a substance. ConceptMap-CF-NoKnownAllergies. */
const NO_KNOWN_ALLERGY: Readonly<Record<string, readonly [string, string]>> = {
  '419199007': ['716186003', 'No known allergy'],
  '416098002': ['409137002', 'No known drug allergy'],
  '414285001': ['429625007', 'No known food allergy'],
  '426232007': ['428607008', 'No known environmental allergy'],
};

/** Codes that name any substance, drug or food. Negated, they mean the kinds above. */
const ANY_SUBSTANCE: Readonly<Record<string, string>> = {
  '105590001': '419199007',
  '410942007': '416098002',
  '762766007': '414285001',
  '255620007': '414285001',
};

const CRITICALITIES: Readonly<Record<string, string>> = { CRITH: 'high', CRITL: 'low', CRITU: 'unable-to-assess' };
/** ConceptMap-CF-Severity, with "fatal" as the most severe. */
const SEVERITIES: Readonly<Record<string, string>> = {
  '255604002': 'mild',
  '6736007': 'moderate',
  '24484000': 'severe',
  '399166001': 'severe',
};

export const correctAllergy: Correction = (_, { node }, context) => {
  const observation = nodeAt(node, 'entryRelationship.observation');
  const { at, start, end } = toTiming(nodeAt(observation, 'effectiveTime'), context.timeZone);
  const kind = nodeAt(observation, 'value');
  const kindCode = attributeAt(kind, 'code') ?? '';
  const { category, type } = ALLERGY_KINDS[kindCode] ?? {};
  const substance = toSubstance(observation);
  const substanceCode = attributeAt(observation, 'participant.participantRole.playingEntity.code.code') ?? '';
  const anyKind = substance === undefined ? kindCode : ANY_SUBSTANCE[substanceCode];
  const [none, noneText] = NO_KNOWN_ALLERGY[anyKind ?? ''] ?? [];
  const noKnown = isNegated(observation) && none !== undefined;
  const isRefuted = isNegated(observation) && !noKnown;
  const nullified = isNullified(node, observation);
  const authors = [...nodesAt(node, 'author.assignedAuthor'), ...nodesAt(observation, 'author.assignedAuthor')];
  return {
    identifier: [...identifiersOf(node), ...identifiersOf({ id: [{}, ...nodesAt(observation, 'id')] })],
    clinicalStatus: nullified
      ? undefined
      : concept(`${TERMINOLOGY}allergyintolerance-clinical`, allergyStatus(clinicalStatus(node, observation, end))),
    verificationStatus: concept(
      `${TERMINOLOGY}allergyintolerance-verification`,
      nullified ? 'entered-in-error' : isRefuted ? 'refuted' : 'confirmed',
    ),
    type,
    category: category === undefined ? undefined : [category],
    criticality: CRITICALITIES[attributeAt(relatedByCode(observation, '82606-5'), 'value.code') ?? ''],
    code: noKnown
      ? { coding: [{ system: SNOMED, code: none, display: noneText }], text: noneText }
      : (substance ?? toConcept(kind)),
    onsetDateTime: start ?? at,
    recordedDate: recordedAt([observation, node], context),
    recorder: context.addActor(authors.at(-1)),
    asserter: undefined,
    reaction: nodesAt(observation, 'entryRelationship')
      .filter((one) => attributeAt(one, 'typeCode') === 'MFST')
      .flatMap((one) => nodesAt(one, 'observation'))
      .map((one) => toReaction(one, context.timeZone)),
    note: [...notesOf(observation), ...notesOf(node)],
  };
};

/** AllergyIntolerance has no remission, recurrence or relapse. */
const allergyStatus = (status: string): string => {
  if (status === 'remission') return 'inactive';
  return ['recurrence', 'relapse'].includes(status) ? 'active' : status;
};

function toSubstance(observation: CdaNode | undefined): FhirObject | undefined {
  const entity = nodeAt(observation, 'participant.participantRole.playingEntity');
  const name = contentAt(entity, 'name');
  return toConcept(nodeAt(entity, 'code')) ?? (name === undefined ? undefined : { text: name });
}

function toReaction(observation: CdaNode, timeZone: string): FhirObject | undefined {
  const { at, start } = toTiming(nodeAt(observation, 'effectiveTime'), timeZone);
  const text = contentAt(observation, 'text');
  const manifestation = toConcept(nodeAt(observation, 'value')) ?? (text === undefined ? undefined : { text });
  if (manifestation === undefined || isNegated(observation)) return undefined;
  return present({
    manifestation: [manifestation],
    onset: start ?? at,
    severity: SEVERITIES[attributeAt(relatedByCode(observation, 'SEV'), 'value.code') ?? ''],
  });
}
