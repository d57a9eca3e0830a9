import type { ServedType } from '../../model/fhir-version.ts';
import { REPORT_SECTIONS, REPORT_STATUS } from '../convert/findings/diagnostic-report.ts';
import { DOCUMENT_RELATION, DOCUMENT_STATUS } from '../convert/findings/document-reference.ts';
import { RECORD_TYPES } from './directory.ts';
import {
  codeParameter,
  compartmentType,
  conceptParameter,
  dateParameter,
  dateParameterWithoutExample,
  encounterParameter,
  identifierParameter,
  PERSON_TYPES,
  patientAndSubjectParameters,
  patientParameter,
  referenceParameter,
  stringParameter,
  tokenParameter,
  untranslatedTokenParameter,
} from './parameter-builders.ts';
import { documentFormatTokens, recodedConceptTokens, sameSystem } from './token-translation.ts';

const reports = sameSystem('http://hl7.org/fhir/diagnostic-report-status');
const documents = sameSystem('http://hl7.org/fhir/document-reference-status');
const relations = sameSystem('http://hl7.org/fhir/document-relationship-type');

/** DSTU2 types for reports, documents, provenance, and specimens, with the search parameters of DSTU2 and Argonaut. */
export const FINDING_TYPES: readonly ServedType[] = [
  compartmentType('DiagnosticReport', [
    ...patientAndSubjectParameters,
    tokenParameter('category', 'category', recodedConceptTokens(REPORT_SECTIONS), 'LAB, and other sections.', 'LAB'),
    conceptParameter('code', 'code', 'What is reported.', 'http://loinc.org|24323-8'),
    dateParameter('date', 'date', 'When it was observed.'),
    dateParameter('issued', 'issued', 'When it was issued.'),
    codeParameter('status', 'status', reports, REPORT_STATUS, 'final, corrected and others.'),
    identifierParameter,
    encounterParameter,
    conceptParameter('diagnosis', 'conclusion', 'A coded conclusion.'),
    referenceParameter('result', 'result', ['Observation'], 'An Observation of the report.'),
    referenceParameter('performer', 'performer', ['Organization', 'Practitioner'], 'Who is responsible for it.'),
    referenceParameter('specimen', 'specimen', ['Specimen'], 'What was examined.'),
    referenceParameter('request', 'based-on', ['ServiceRequest'], 'The request that led to it.', ['request']),
    referenceParameter('image', 'media', [], 'A picture that belongs to it.'),
  ]),
  compartmentType('DocumentReference', [
    ...patientAndSubjectParameters,
    conceptParameter('type', 'type', 'What kind of document it is.', 'http://loinc.org|11506-3'),
    conceptParameter('class', 'category', 'What kind, in a coarser way.'),
    codeParameter('status', 'status', documents, DOCUMENT_STATUS, 'current, superseded, entered-in-error.'),
    dateParameter('indexed', 'date', 'When the reference was made.'),
    dateParameter('period', 'period', 'When what it tells of was done.'),
    identifierParameter,
    encounterParameter,
    referenceParameter('author', 'author', ['Organization', 'Device', ...PERSON_TYPES], 'Who wrote it.'),
    referenceParameter('authenticator', 'authenticator', ['Organization', 'Practitioner'], 'Who authenticated it.'),
    referenceParameter('custodian', 'custodian', ['Organization'], 'Who keeps it.'),
    stringParameter('description', ['description'], 'How its description begins.'),
    conceptParameter('event', 'event', 'What was done when it was written.'),
    conceptParameter('facility', 'facility', 'The kind of place it is from.'),
    conceptParameter('setting', 'setting', 'The field it is from.'),
    conceptParameter('securitylabel', 'security-label', 'A label of how it is to be handled.'),
    codeParameter('relation', 'relation', relations, DOCUMENT_RELATION, 'replaces, transforms, signs, appends.'),
    tokenParameter('format', 'format', documentFormatTokens, 'The format of the content.'),
    untranslatedTokenParameter('language', 'The language of the content.'),
    { kind: 'uri', name: 'location', index: 'location', documentation: 'The address of the content.' },
    referenceParameter('related-ref', 'related', [], 'A resource that has to do with it.'),
    referenceParameter('relatesto', 'relatesto', ['DocumentReference'], 'A document that it replaces, or is about.'),
  ]),
  compartmentType('Provenance', [
    patientParameter(),
    // The targets of Provenance are limited to types of the patient record, because the Provenance of a patient record
    // has no other targets.
    referenceParameter('target', 'target', RECORD_TYPES, 'What it tells of.'),
    dateParameterWithoutExample('start', 'when', 'When what it tells of was done.'),
    dateParameterWithoutExample('end', 'when', 'The same: when it was done.'),
    referenceParameter('location', 'location', ['Location'], 'Where it was done.'),
    conceptParameter('sigtype', 'signature-type', 'A kind of signature.'),
  ]),
  compartmentType('Specimen', [
    ...patientAndSubjectParameters,
    identifierParameter,
    conceptParameter('type', 'type', 'What kind of specimen it is.'),
    conceptParameter('accession', 'accession', "The laboratory's number."),
    dateParameter('collected', 'collected', 'When it was taken.'),
    conceptParameter('bodysite', 'bodysite', 'Where it was taken.'),
    conceptParameter('container', 'container', 'The kind of container that it is in.'),
    untranslatedTokenParameter('container-id', 'The number of a container that it is in.'),
    referenceParameter('collector', 'collector', ['Practitioner'], 'Who took it.'),
    referenceParameter('parent', 'parent', ['Specimen'], 'What it was made of.'),
  ]),
];
