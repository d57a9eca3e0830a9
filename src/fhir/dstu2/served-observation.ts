import type { IndexedParameter, SearchParameter } from '../core/search-parameter.ts';
import { ABSENT, OBSERVATION_STATUS } from './convert/observation.ts';
import {
  about,
  code,
  concept,
  date,
  encounter,
  identifier,
  PEOPLE,
  recordType,
  reference,
  token,
} from './parameters.ts';
import { concepts, observationCodes, recodedConcepts } from './stored-tokens.ts';

const statuses = { dstu2: 'http://hl7.org/fhir/observation-status', stored: 'http://hl7.org/fhir/observation-status' };

const CODE: IndexedParameter = {
  kind: 'token',
  name: 'code',
  index: 'code',
  toStored: observationCodes,
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
    toStored: concepts,
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
/** DSTU2 names these parameters `code-value-[x]`. */
const codeAndValueParameters = Object.values(VALUES).map(
  (value): SearchParameter => ({
    kind: 'composite',
    name: `code-${value.name}`,
    composed: [{ of: 'resource', parts: [CODE, value] }],
    documentation: `What was observed, and its value as ${value.name} has it.`,
  }),
);

/** DSTU2 lists members and sources in one element, `related`. */
const relatedTarget: SearchParameter = {
  kind: 'reference',
  name: 'related-target',
  index: 'has-member',
  also: ['derived-from'],
  targets: ['Observation', 'QuestionnaireResponse'],
  at: ['related.target'],
  documentation: 'An Observation or answers that it consists of, or was derived from.',
};

export const OBSERVATION = recordType('Observation', [
  ...about,
  concept('category', 'category', 'laboratory, vital-signs, social-history and others.', 'laboratory'),
  CODE,
  date('date', 'date', 'When it was observed.'),
  { ...code('status', 'status', statuses, OBSERVATION_STATUS, 'final, amended and others.'), example: 'final' },
  identifier,
  ...Object.values(VALUES),
  ...codeAndValueParameters,
  token('data-absent-reason', 'data-absent-reason', recodedConcepts(ABSENT), 'Why there is no value.'),
  concept('component-code', 'component-code', 'What was observed in a component.'),
  {
    kind: 'quantity',
    name: 'component-value-quantity',
    index: 'component-value-quantity',
    documentation: 'The value of a component, where it is a Quantity or SampledData.',
  },
  concept('component-value-concept', 'component-value-concept', 'The value of a component, as a CodeableConcept.'),
  token(
    'component-data-absent-reason',
    'component-data-absent-reason',
    recodedConcepts(ABSENT),
    'Why a component has no value.',
  ),
  {
    kind: 'composite',
    name: 'component-code-value-quantity',
    composed: [{ of: 'group', index: 'component-code-value-quantity', kinds: ['token', 'quantity'] }],
    documentation: 'What was observed in a component, and the Quantity that it is.',
  },
  reference('performer', 'performer', ['Organization', ...PEOPLE], 'Who observed it.'),
  reference('specimen', 'specimen', ['Specimen'], 'What was examined.'),
  reference('device', 'device', ['Device'], 'What it was measured with.'),
  relatedTarget,
  encounter,
]);
