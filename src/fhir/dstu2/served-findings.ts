import type { ServedType } from '../core/version.ts';
import { REPORT_SECTIONS, REPORT_STATUS } from './convert/diagnostic-report.ts';
import { DOCUMENT_STATUS, RELATION } from './convert/document-reference.ts';
import {
  about,
  code,
  concept,
  date,
  encounter,
  identifier,
  PEOPLE,
  patient,
  plainToken,
  rareDate,
  recordType,
  reference,
  string,
  token,
} from './parameters.ts';
import { TYPES_OF_RECORDS } from './served-directory.ts';
import { documentFormats, recodedConcepts } from './stored-tokens.ts';

const sameSystem = (system: string) => ({ dstu2: system, stored: system });
const reports = sameSystem('http://hl7.org/fhir/diagnostic-report-status');
const documents = sameSystem('http://hl7.org/fhir/document-reference-status');
const relations = sameSystem('http://hl7.org/fhir/document-relationship-type');

/** Reports, documents, provenance, and specimens, with the search parameters of DSTU2 and Argonaut. */
export const FINDING_TYPES: readonly ServedType[] = [
  recordType('DiagnosticReport', [
    ...about,
    token('category', 'category', recodedConcepts(REPORT_SECTIONS), 'LAB, and other sections.', 'LAB'),
    concept('code', 'code', 'What is reported.', 'http://loinc.org|24323-8'),
    date('date', 'date', 'When it was observed.'),
    date('issued', 'issued', 'When it was issued.'),
    code('status', 'status', reports, REPORT_STATUS, 'final, corrected and others.'),
    identifier,
    encounter,
    concept('diagnosis', 'conclusion', 'A coded conclusion.'),
    reference('result', 'result', ['Observation'], 'An Observation of the report.'),
    reference('performer', 'performer', ['Organization', 'Practitioner'], 'Who is responsible for it.'),
    reference('specimen', 'specimen', ['Specimen'], 'What was examined.'),
    reference('request', 'based-on', ['ServiceRequest'], 'The request that led to it.', ['request']),
    reference('image', 'media', [], 'A picture that belongs to it.'),
  ]),
  recordType('DocumentReference', [
    ...about,
    concept('type', 'type', 'What kind of document it is.', 'http://loinc.org|11506-3'),
    concept('class', 'category', 'What kind, in a coarser way.'),
    code('status', 'status', documents, DOCUMENT_STATUS, 'current, superseded, entered-in-error.'),
    date('indexed', 'date', 'When the reference was made.'),
    date('period', 'period', 'When what it tells of was done.'),
    identifier,
    encounter,
    reference('author', 'author', ['Organization', 'Device', ...PEOPLE], 'Who wrote it.'),
    reference('authenticator', 'authenticator', ['Organization', 'Practitioner'], 'Who authenticated it.'),
    reference('custodian', 'custodian', ['Organization'], 'Who keeps it.'),
    string('description', ['description'], 'How its description begins.'),
    concept('event', 'event', 'What was done when it was written.'),
    concept('facility', 'facility', 'The kind of place it is from.'),
    concept('setting', 'setting', 'The field it is from.'),
    concept('securitylabel', 'security-label', 'A label of how it is to be handled.'),
    code('relation', 'relation', relations, RELATION, 'replaces, transforms, signs, appends.'),
    token('format', 'format', documentFormats, 'The format of the content.'),
    plainToken('language', 'The language of the content.'),
    { kind: 'uri', name: 'location', index: 'location', documentation: 'The address of the content.' },
    reference('related-ref', 'related', [], 'A resource that has to do with it.'),
    reference('relatesto', 'relatesto', ['DocumentReference'], 'A document that it replaces, or is about.'),
  ]),
  recordType('Provenance', [
    patient(),
    // All targets of a record's Provenance belong to a patient record.
    reference('target', 'target', TYPES_OF_RECORDS, 'What it tells of.'),
    rareDate('start', 'when', 'When what it tells of was done.'),
    rareDate('end', 'when', 'The same: when it was done.'),
    reference('location', 'location', ['Location'], 'Where it was done.'),
    concept('sigtype', 'signature-type', 'A kind of signature.'),
  ]),
  recordType('Specimen', [
    ...about,
    identifier,
    concept('type', 'type', 'What kind of specimen it is.'),
    concept('accession', 'accession', "The laboratory's number."),
    date('collected', 'collected', 'When it was taken.'),
    concept('bodysite', 'bodysite', 'Where it was taken.'),
    concept('container', 'container', 'The kind of container that it is in.'),
    plainToken('container-id', 'The number of a container that it is in.'),
    reference('collector', 'collector', ['Practitioner'], 'Who took it.'),
    reference('parent', 'parent', ['Specimen'], 'What it was made of.'),
  ]),
];
