import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { concept, condition, patient, request, TERMINOLOGY } from '../fixtures/small-resources.ts';

/** An R4 resource that R4 allows and an invariant of DSTU2 doesn't, with the result of its conversion. */
export interface R4OnlyCase {
  readonly key: string;
  readonly description: string;
  readonly resource: Resource;
  /** Elements of the DSTU2 resource that the conversion makes. Undefined if the conversion hides the resource. */
  readonly converted: Readonly<Record<string, unknown>>;
}

const subject = { reference: 'Patient/p' };
const dosed = (repeat: object) => request({ dosageInstruction: [{ timing: { repeat } }] });
const often = { frequency: 1, period: 1, periodUnit: 'd' };
const narrated = (attributes: string, content: string): Resource =>
  patient({
    text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml"${attributes}>${content}</div>` },
  });
const narrative = (attributes: string, content: string) => narrated(attributes, content)['text'];
const encounter = (more: object): Resource => ({
  resourceType: 'Encounter',
  id: 'e',
  status: 'finished',
  class: { system: `${TERMINOLOGY}/v3-ActCode`, code: 'AMB' },
  ...more,
});
const vaccination = (more: object): Resource => ({
  resourceType: 'Immunization',
  id: 'i',
  status: 'not-done',
  vaccineCode: { text: 'Influenza' },
  patient: subject,
  occurrenceDateTime: '2020-10-01',
  ...more,
});
const span = (style: string, content: string) =>
  `<span style="vertical-align: ${style}; font-size: smaller">${content}</span>`;
const hours = { value: 2, unit: 'hours' };

export const R4_ONLY_CASES: readonly R4OnlyCase[] = [
  {
    key: 'ele-1',
    description: 'an element with an id, of whose content DSTU2 has nothing',
    resource: request({ dispenseRequest: { id: 'x', dispenseInterval: { value: 30, unit: 'd' } } }),
    converted: { dispenseRequest: undefined },
  },
  {
    key: 'ele-1',
    description: 'an id beside what is no value, and beside one',
    resource: patient({
      birthDate: '1990-01-02',
      _birthDate: { id: 'b' },
      _gender: { id: 'g', extension: [{ url: 'urn:x', valueContactDetail: { name: 'x' } }] },
    }),
    converted: { birthDate: '1990-01-02', _birthDate: { id: 'b' }, _gender: undefined },
  },
  {
    key: 'dom-1',
    description: 'a narrative of what is contained',
    resource: condition({
      asserter: { reference: '#d' },
      contained: [{ resourceType: 'Practitioner', id: 'd', name: [{ family: 'D' }], text: narrative('', 'Dr. D') }],
    }),
    converted: { contained: [{ resourceType: 'Practitioner', id: 'd', name: { family: ['D'] } }] },
  },
  {
    key: 'txt-1',
    description: 'sub and sup, which are told by their style',
    resource: narrated('', '10<sup>9</sup> H<sub class="x">2</sub>O <sup style="color: red">1</sup>'),
    converted: {
      text: narrative(
        '',
        `10${span('super', '9')} H${span('sub', '2').replace('>', ' class="x">')}O <span style="color: red">1</span>`,
      ),
    },
  },
  {
    key: 'txt-3',
    description: "XML's own attribute of the language",
    resource: narrated(' xml:lang="en"', '<p xml:lang="es" lang="es">Hola, xml:lang</p>'),
    converted: { text: narrative(' lang="en"', '<p lang="es">Hola, xml:lang</p>') },
  },
  {
    key: 'per-1',
    description: 'a night in which the clock is put back: the end by the clock of the start',
    resource: encounter({ period: { start: '2022-11-06T01:52:06-04:00', end: '2022-11-06T01:07:06.50-05:00' } }),
    converted: { period: { start: '2022-11-06T01:52:06-04:00', end: '2022-11-06T02:07:06.50-04:00' } },
  },
  {
    key: 'drt-1',
    description: 'a length whose unit is a word',
    resource: encounter({ length: hours }),
    converted: { length: { ...hours, system: 'http://unitsofmeasure.org', code: 'h' } },
  },
  {
    key: 'drt-1',
    description: 'a length in what is no unit of time',
    resource: encounter({ length: { value: 2, unit: 'visits' } }),
    converted: { length: undefined },
  },
  {
    key: 'drt-1',
    description: 'a repetition for a time without a code, told in words as a whole',
    resource: dosed({ ...often, boundsDuration: { value: 2, unit: 'cycles' } }),
    converted: { dosageInstruction: [{ text: 'once a day for 2 cycles' }] },
  },
  {
    key: 'tim-3',
    description: 'an occasion in every period, told in words as a whole',
    resource: dosed({ period: 1, periodUnit: 'd', when: ['HS'] }),
    converted: { dosageInstruction: [{ text: 'every day before sleep' }] },
  },
  {
    key: 'org-1',
    description: 'an Organization of which there is an old identifier alone',
    resource: { resourceType: 'Organization', id: 'o', identifier: [{ use: 'old', system: 'urn:x', value: '1' }] },
    converted: {
      identifier: undefined,
      _name: {
        extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
      },
    },
  },
  {
    key: 'imm-1',
    description: 'reasons for a vaccine that was not given, and reactions to it',
    resource: vaccination({
      statusReason: { text: 'Declined' },
      reasonCode: [{ text: 'Travel' }, concept('urn:x', 'age')],
      reaction: [{ date: '2020-10-02' }],
    }),
    converted: {
      wasNotGiven: true,
      explanation: { reasonNotGiven: [{ text: 'Declined' }] },
      reaction: undefined,
      note: [{ text: 'Reason to give it: Travel; age' }],
    },
  },
  {
    key: 'mst-2',
    description: 'reasons for a medication that is not taken',
    resource: {
      resourceType: 'MedicationStatement',
      id: 'm',
      status: 'not-taken',
      medicationCodeableConcept: { text: 'Aspirin' },
      subject,
      reasonCode: [{ text: 'Headache' }],
      reasonReference: [{ reference: 'Condition/c', display: 'Migraine' }],
      note: [{ text: 'Tea helps.' }],
    },
    converted: {
      wasNotTaken: true,
      reasonForUseCodeableConcept: undefined,
      reasonForUseReference: undefined,
      note: 'Tea helps.\nReason to take it: Headache; Migraine',
    },
  },
];
