import type { IndexedParameter, SearchParameter } from '../../model/search-parameter.ts';
import { DATA_ABSENT_REASON_CODINGS, OBSERVATION_STATUS } from '../convert/findings/observation.ts';
import {
  codeParameter,
  compartmentType,
  conceptParameter,
  dateParameter,
  encounterParameter,
  identifierParameter,
  PERSON_TYPES,
  patientAndSubjectParameters,
  referenceParameter,
  tokenParameter,
} from './parameter-builders.ts';
import { conceptTokens, observationCodeTokens, recodedConceptTokens } from './token-translation.ts';

const statuses = { dstu2: 'http://hl7.org/fhir/observation-status', stored: 'http://hl7.org/fhir/observation-status' };

const CODE: IndexedParameter = {
  kind: 'token',
  name: 'code',
  index: 'code',
  toStored: observationCodeTokens,
  documentation: 'What was observed.',
  example: 'http://loinc.org|4548-4',
};
const VALUES: Readonly<Record<'quantity' | 'concept' | 'date' | 'string', IndexedParameter>> = {
  quantity: {
    kind: 'quantity',
    name: 'value-quantity',
    index: 'value-quantity',
    documentation: 'The value, where it is a Quantity or SampledData.',
  },
  concept: {
    kind: 'token',
    name: 'value-concept',
    index: 'value-concept',
    toStored: conceptTokens,
    documentation: 'The value, where it is a CodeableConcept.',
  },
  date: {
    kind: 'date',
    name: 'value-date',
    index: 'value-date',
    documentation: 'The value, where it is a time or a period.',
  },
  string: {
    kind: 'string',
    name: 'value-string',
    index: 'value-string',
    documentation: 'The value, where it is a text, or how it begins; and the text of a CodeableConcept.',
  },
};
/** Composite search parameters, each for a code together with one type of value. DSTU2 names them `code-value-[x]`. */
const codeAndValueParameters = Object.values(VALUES).map(
  (value): SearchParameter => ({
    kind: 'composite',
    name: `code-${value.name}`,
    locations: [{ of: 'resource', components: [CODE, value] }],
    documentation: `What was observed, and its value as ${value.name} has it.`,
  }),
);

/** Parameter `related-target`. DSTU2 has one element, `related`, for the R4 elements hasMember and derivedFrom. */
const relatedTarget: SearchParameter = {
  kind: 'reference',
  name: 'related-target',
  index: 'has-member',
  otherIndexes: ['derived-from'],
  targets: ['Observation', 'QuestionnaireResponse'],
  paths: ['related.target'],
  documentation: 'An Observation or answers that it consists of, or was derived from.',
};

export const OBSERVATION = compartmentType('Observation', [
  ...patientAndSubjectParameters,
  conceptParameter('category', 'category', 'laboratory, vital-signs, social-history and others.', 'laboratory'),
  CODE,
  dateParameter('date', 'date', 'When it was observed.'),
  {
    ...codeParameter('status', 'status', statuses, OBSERVATION_STATUS, 'final, amended and others.'),
    example: 'final',
  },
  identifierParameter,
  ...Object.values(VALUES),
  ...codeAndValueParameters,
  tokenParameter(
    'data-absent-reason',
    'data-absent-reason',
    recodedConceptTokens(DATA_ABSENT_REASON_CODINGS),
    'Why there is no value.',
  ),
  conceptParameter('component-code', 'component-code', 'What was observed in a component.'),
  {
    kind: 'quantity',
    name: 'component-value-quantity',
    index: 'component-value-quantity',
    documentation: 'The value of a component, where it is a Quantity or SampledData.',
  },
  conceptParameter(
    'component-value-concept',
    'component-value-concept',
    'The value of a component, as a CodeableConcept.',
  ),
  tokenParameter(
    'component-data-absent-reason',
    'component-data-absent-reason',
    recodedConceptTokens(DATA_ABSENT_REASON_CODINGS),
    'Why a component has no value.',
  ),
  {
    kind: 'composite',
    name: 'component-code-value-quantity',
    locations: [{ of: 'group', index: 'component-code-value-quantity', kinds: ['token', 'quantity'] }],
    documentation: 'What was observed in a component, and the Quantity that it is.',
  },
  referenceParameter('performer', 'performer', ['Organization', ...PERSON_TYPES], 'Who observed it.'),
  referenceParameter('specimen', 'specimen', ['Specimen'], 'What was examined.'),
  referenceParameter('device', 'device', ['Device'], 'What it was measured with.'),
  relatedTarget,
  encounterParameter,
]);
