import { identifiersOf, notesOf, statusCode } from './common-elements.ts';
import type { Correction } from './context.ts';
import { concept, type FhirObject, present } from './fhir-object.ts';
import type { SectionKind } from './sections.ts';
import { toFhirDateTime } from './timestamp.ts';
import { attributeAt, type CdaNode, contentAt, nodeAt, nodesAt } from './tree.ts';
import { timingElements, toConcept, toDecimal, toQuantity, toRange } from './values.ts';

/** ConceptMap-CF-ResultStatus. */
const OBSERVATION_STATUSES: Readonly<Record<string, string>> = {
  completed: 'final',
  active: 'registered',
  held: 'registered',
  suspended: 'registered',
  aborted: 'cancelled',
  cancelled: 'cancelled',
  nullified: 'entered-in-error',
};

/** Category of observations whose template has none, by their section. */
const CATEGORIES: Readonly<Partial<Record<SectionKind, string>>> = {
  results: 'laboratory',
  vitals: 'vital-signs',
  social: 'social-history',
  status: 'survey',
  procedures: 'procedure',
};

/** C-CDA calls the code of an observation `ASSERTION` if the value says everything. */
const FINDING = {
  coding: [{ system: 'http://loinc.org', code: '75321-0', display: 'Clinical finding' }],
  text: 'Clinical finding',
};

export const correctObservation: Correction = (resource, { kind, tag, node, parts }, { timeZone, addActor }) => {
  const category = CATEGORIES[kind];
  const text = contentAt(node, 'text');
  const textOnly = text === undefined ? undefined : { text };
  return {
    ...Object.fromEntries(
      Object.keys(resource).flatMap((name) => (name.startsWith('value') ? [[name, undefined]] : [])),
    ),
    identifier: identifiersOf(node),
    status: OBSERVATION_STATUSES[statusCode(node)] ?? 'unknown',
    category:
      resource['category'] ??
      (category === undefined
        ? undefined
        : [concept('http://terminology.hl7.org/CodeSystem/observation-category', category)]),
    code: attributeAt(node, 'code.code') === 'ASSERTION' ? FINDING : named(toConcept(nodeAt(node, 'code')), textOnly),
    ...timingElements('effective', nodeAt(node, 'effectiveTime'), timeZone),
    ...(tag === 'observation' ? toValue(nodeAt(node, 'value'), timeZone) : {}),
    performer: nodesAt(node, 'author.assignedAuthor').map((author) => addActor(author)),
    interpretation: nodesAt(node, 'interpretationCode').map(toConcept),
    referenceRange: nodesAt(node, 'referenceRange.observationRange').map(toReferenceRange),
    method: toConcept(nodeAt(node, 'methodCode')),
    bodySite: toConcept(nodeAt(node, 'targetSiteCode')),
    hasMember: parts.map(({ mark }) => ({ reference: `Observation/${mark}` })),
    note: notesOf(node),
  };
};

/** Names a code without a name by the text of the observation. */
const named = (code: FhirObject | undefined, textOnly: FhirObject | undefined): FhirObject | undefined =>
  code === undefined || code['text'] === undefined ? present({ ...code, ...textOnly }) : code;

/** Security observations of a statement, which say who may see it (HL7 Data Segmentation for Privacy). */
const SECURITY_CODES = ['SECCONOBS', 'SECCLASSOBS', 'SECCATOBS'];
const CLASSIFICATIONS = ['U', 'L', 'M', 'N', 'R', 'V'];

/** Returns the security labels of a statement: codes of its confidentiality, or rules for its disclosure. */
export const labelsOf = (node: CdaNode): readonly FhirObject[] =>
  [...nodesAt(node, 'entryRelationship.observation'), ...nodesAt(node, 'component.observation')]
    .filter((one) => SECURITY_CODES.includes(attributeAt(one, 'code.code') ?? ''))
    .map((one) => attributeAt(one, 'value.code'))
    .filter((code) => code !== undefined)
    .map((code) => ({
      system: `http://terminology.hl7.org/CodeSystem/v3-${CLASSIFICATIONS.includes(code) ? 'Confidentiality' : 'ActCode'}`,
      code,
    }));

/** Converts the value of an observation by its CDA data type. */
function toValue(value: CdaNode | undefined, timeZone: string): FhirObject {
  const number = toDecimal(attributeAt(value, 'value'));
  switch (attributeAt(value, 'xsi:type')) {
    case 'PQ':
    case 'REAL':
      return { valueQuantity: toQuantity(value) };
    case 'IVL_PQ': {
      const { range, quantity } = toRange(value);
      return { valueRange: range, valueQuantity: quantity };
    }
    case 'INT':
      return { valueInteger: number };
    case 'CO':
    case 'CD':
    case 'CE':
    case 'CV':
    case 'CS':
      return {
        valueCodeableConcept: toConcept(value),
        valueQuantity: number === undefined ? undefined : { value: number },
      };
    case 'ST':
    case 'ED':
      return { valueString: contentAt({ value }, 'value') };
    case 'BL': {
      const text = attributeAt(value, 'value');
      return { valueBoolean: text === undefined ? undefined : text === 'true' };
    }
    case 'TS':
      return { valueDateTime: toFhirDateTime(attributeAt(value, 'value') ?? '', timeZone) };
    case 'RTO':
    case 'RTO_PQ_PQ':
      return {
        valueRatio: present({
          numerator: toQuantity(nodeAt(value, 'numerator')),
          denominator: toQuantity(nodeAt(value, 'denominator')),
        }),
      };
    default:
      return {};
  }
}

/** FHIR expects the normal range. Others, such as that of critical values, have another interpretation. */
function toReferenceRange(range: CdaNode): FhirObject | undefined {
  if ((attributeAt(range, 'interpretationCode.code') ?? 'N') !== 'N') return undefined;
  const value = nodeAt(range, 'value');
  return present({
    low: toQuantity(nodeAt(value, 'low')),
    high: toQuantity(nodeAt(value, 'high')),
    text: contentAt(range, 'text') ?? contentAt(range, 'value'),
  });
}
