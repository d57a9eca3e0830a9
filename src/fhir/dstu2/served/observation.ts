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
  documentation: 'Code of the observation.',
  example: 'http://loinc.org|4548-4',
};
const VALUES: Readonly<Record<'quantity' | 'concept' | 'date' | 'string', IndexedParameter>> = {
  quantity: {
    kind: 'quantity',
    name: 'value-quantity',
    index: 'value-quantity',
    documentation: 'Value of type Quantity or SampledData.',
  },
  concept: {
    kind: 'token',
    name: 'value-concept',
    index: 'value-concept',
    toStored: conceptTokens,
    documentation: 'Value of type CodeableConcept.',
  },
  date: {
    kind: 'date',
    name: 'value-date',
    index: 'value-date',
    documentation: 'Value that is a time or a period.',
  },
  string: {
    kind: 'string',
    name: 'value-string',
    index: 'value-string',
    documentation: 'Text value or its beginning, or the text of a CodeableConcept.',
  },
};
/** Composite search parameters, each for a code together with one type of value. DSTU2 names them `code-value-[x]`. */
const codeAndValueParameters = Object.values(VALUES).map(
  (value): SearchParameter => ({
    kind: 'composite',
    name: `code-${value.name}`,
    locations: [{ of: 'resource', components: [CODE, value] }],
    documentation: `Code of the observation together with its ${value.name}.`,
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
  documentation: 'An Observation or QuestionnaireResponse that the observation consists of or is derived from.',
};

export const OBSERVATION = compartmentType('Observation', [
  ...patientAndSubjectParameters,
  conceptParameter('category', 'category', 'laboratory, vital-signs, social-history and others.', 'laboratory'),
  CODE,
  dateParameter('date', 'date', 'Time of the observation.'),
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
    'Reason why the value is missing.',
  ),
  conceptParameter('component-code', 'component-code', 'Code of a component.'),
  {
    kind: 'quantity',
    name: 'component-value-quantity',
    index: 'component-value-quantity',
    documentation: 'Component value of type Quantity or SampledData.',
  },
  conceptParameter('component-value-concept', 'component-value-concept', 'Component value of type CodeableConcept.'),
  tokenParameter(
    'component-data-absent-reason',
    'component-data-absent-reason',
    recodedConceptTokens(DATA_ABSENT_REASON_CODINGS),
    'Reason why a component value is missing.',
  ),
  {
    kind: 'composite',
    name: 'component-code-value-quantity',
    locations: [{ of: 'group', index: 'component-code-value-quantity', kinds: ['token', 'quantity'] }],
    documentation: 'Code of a component together with its Quantity value.',
  },
  referenceParameter(
    'performer',
    'performer',
    ['Organization', ...PERSON_TYPES],
    'Person or organization that made the observation.',
  ),
  referenceParameter('specimen', 'specimen', ['Specimen'], 'The examined specimen.'),
  referenceParameter('device', 'device', ['Device'], 'The device used.'),
  relatedTarget,
  encounterParameter,
]);
