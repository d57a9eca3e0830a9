import type { Resource } from '../../src/fhir/core/version.ts';
import {
  concept,
  identifier,
  local,
  mg,
  note,
  patient,
  practitioner,
  span,
  TERMINOLOGY,
  variant,
  years,
} from './full-parts.ts';

const file = {
  contentType: 'application/pdf',
  language: 'en',
  url: 'https://example.org/report.pdf',
  size: 2,
  hash: 'aGk=',
  title: 'report',
  creation: '2020-01-01',
};

const fullReport: Resource = {
  resourceType: 'DiagnosticReport',
  id: 'report',
  identifier,
  basedOn: [{ reference: 'ServiceRequest/s', display: 'the order' }],
  status: 'final',
  category: [concept(`${TERMINOLOGY}/v2-0074`, 'LAB')],
  code: concept('http://loinc.org', '24323-8'),
  subject: patient,
  encounter: { reference: 'Encounter/e' },
  effectiveDateTime: '2020-01-01T10:00:00Z',
  issued: '2020-01-02T10:00:00Z',
  performer: [practitioner],
  resultsInterpreter: [{ reference: 'Practitioner/i' }],
  specimen: [{ reference: 'Specimen/s' }],
  result: [{ reference: 'Observation/o' }],
  imagingStudy: [{ reference: 'ImagingStudy/x' }],
  media: [{ comment: 'a picture', link: { reference: 'Media/x' } }],
  conclusion: 'All is well.',
  conclusionCode: [local('well')],
  presentedForm: [file],
};

const fullDocument: Resource = {
  resourceType: 'DocumentReference',
  id: 'document',
  masterIdentifier: identifier[0],
  identifier,
  status: 'current',
  docStatus: 'final',
  type: concept('http://loinc.org', '34133-9'),
  category: [local('clinical-note'), local('other')],
  subject: patient,
  date: '2020-01-01T10:00:00Z',
  author: [practitioner],
  authenticator: practitioner,
  custodian: { reference: 'Organization/o' },
  relatesTo: [{ code: 'replaces', target: { reference: 'DocumentReference/x' } }],
  description: 'a note',
  securityLabel: [concept(`${TERMINOLOGY}/v3-Confidentiality`, 'N')],
  content: [
    {
      attachment: file,
      format: { system: 'http://ihe.net/fhir/ValueSet/IHE.FormatCode.codesystem', code: 'urn:ihe:pcc:xphr:2007' },
    },
  ],
  context: {
    encounter: [{ reference: 'EpisodeOfCare/x' }, { reference: 'Encounter/e' }],
    event: [local('visit')],
    period: span,
    facilityType: local('hospital'),
    practiceSetting: local('cardiology'),
    sourcePatientInfo: patient,
    related: [{ reference: 'Observation/o', identifier: identifier[0] }],
  },
};

const fullProvenance: Resource = {
  resourceType: 'Provenance',
  id: 'provenance',
  target: [{ reference: 'Observation/o' }, { reference: 'MedicationRequest/m' }, { reference: 'Task/x' }],
  occurredPeriod: span,
  recorded: '2020-01-01T10:00:00Z',
  policy: ['https://example.org/policy'],
  location: { reference: 'Location/l' },
  reason: [concept(`${TERMINOLOGY}/v3-ActReason`, 'TREAT')],
  activity: local('create'),
  agent: [
    {
      type: concept(`${TERMINOLOGY}/provenance-participant-type`, 'author'),
      role: [local('doctor')],
      who: practitioner,
      onBehalfOf: { reference: 'Organization/o' },
    },
  ],
  entity: [
    {
      role: 'source',
      what: { reference: 'DocumentReference/x', display: 'a document' },
      agent: [{ type: local('x'), who: patient }],
    },
  ],
  signature: [
    {
      type: [{ system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.1' }],
      when: '2020-01-01T10:00:00Z',
      who: practitioner,
      onBehalfOf: { reference: 'Organization/o' },
      targetFormat: 'application/fhir+json',
      sigFormat: 'application/jose',
      data: 'aGk=',
    },
  ],
};

const fullSpecimen: Resource = {
  resourceType: 'Specimen',
  id: 's',
  identifier,
  accessionIdentifier: identifier[0],
  status: 'available',
  type: local('blood'),
  subject: patient,
  receivedTime: '2020-01-01',
  parent: [{ reference: 'Specimen/x' }],
  request: [{ reference: 'ServiceRequest/s' }],
  collection: {
    collector: practitioner,
    collectedDateTime: '2020-01-01',
    duration: { value: 5, unit: 'min' },
    quantity: mg(1),
    method: local('needle'),
    bodySite: local('arm'),
    fastingStatusCodeableConcept: concept(`${TERMINOLOGY}/v2-0916`, 'F', 'fasting'),
  },
  processing: [
    { description: 'spun', procedure: local('spin'), additive: [{ reference: 'Substance/x' }], timeDateTime: '2020' },
  ],
  container: [
    {
      identifier,
      description: 'tube',
      type: local('tube'),
      capacity: mg(10),
      specimenQuantity: mg(5),
      additiveCodeableConcept: local('heparin'),
    },
  ],
  condition: [local('clotted')],
  note,
};

export const FINDINGS: Readonly<Record<string, readonly Resource[]>> = {
  DiagnosticReport: [
    fullReport,
    variant(fullReport, ['effectiveDateTime'], {
      effectivePeriod: span,
      basedOn: [{ reference: 'https://other.example/DiagnosticOrder/x' }],
    }),
    variant(fullReport, ['performer', 'effectiveDateTime'], { status: 'amended' }),
  ],
  DocumentReference: [fullDocument, variant(fullDocument, ['docStatus', 'type', 'context'], {})],
  Provenance: [
    fullProvenance,
    variant(fullProvenance, ['occurredPeriod'], {
      occurredDateTime: '2020-01-01',
      agent: [{ who: { identifier: identifier[0] } }],
      entity: [{ role: 'removal', what: { reference: 'DocumentReference/x' } }],
    }),
  ],
  Specimen: [
    fullSpecimen,
    variant(fullSpecimen, [], {
      collection: { collectedPeriod: span, fastingStatusDuration: years(1) },
      processing: [{ timePeriod: span, description: 'spun' }],
      container: [{ additiveReference: { reference: 'Substance/x' } }],
    }),
  ],
};
