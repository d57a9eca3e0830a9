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
    tokenParameter('category', 'category', recodedConceptTokens(REPORT_SECTIONS), 'LAB and other sections.', 'LAB'),
    conceptParameter('code', 'code', 'Code of the report.', 'http://loinc.org|24323-8'),
    dateParameter('date', 'date', 'Time of the observation.'),
    dateParameter('issued', 'issued', 'Time when the report was issued.'),
    codeParameter('status', 'status', reports, REPORT_STATUS, 'final, corrected and others.'),
    identifierParameter,
    encounterParameter,
    conceptParameter('diagnosis', 'conclusion', 'A coded diagnosis.'),
    referenceParameter('result', 'result', ['Observation'], 'An Observation of the report.'),
    referenceParameter(
      'performer',
      'performer',
      ['Organization', 'Practitioner'],
      'Person or organization responsible for the report.',
    ),
    referenceParameter('specimen', 'specimen', ['Specimen'], 'The examined specimen.'),
    referenceParameter('request', 'based-on', ['ServiceRequest'], 'The request that led to the report.', ['request']),
    referenceParameter('image', 'media', [], 'An image of the report.'),
  ]),
  compartmentType('DocumentReference', [
    ...patientAndSubjectParameters,
    conceptParameter('type', 'type', 'Type of document.', 'http://loinc.org|11506-3'),
    conceptParameter('class', 'category', 'Broader category of the document.'),
    codeParameter('status', 'status', documents, DOCUMENT_STATUS, 'current, superseded, entered-in-error.'),
    dateParameter('indexed', 'date', 'Time when the reference was created.'),
    dateParameter('period', 'period', 'Time of the documented care.'),
    identifierParameter,
    encounterParameter,
    referenceParameter('author', 'author', ['Organization', 'Device', ...PERSON_TYPES], 'Author of the document.'),
    referenceParameter(
      'authenticator',
      'authenticator',
      ['Organization', 'Practitioner'],
      'Person who authenticated the document.',
    ),
    referenceParameter('custodian', 'custodian', ['Organization'], 'Organization that maintains the document.'),
    stringParameter('description', ['description'], 'Description or its beginning.'),
    conceptParameter('event', 'event', 'Documented event or procedure.'),
    conceptParameter('facility', 'facility', 'Type of facility.'),
    conceptParameter('setting', 'setting', 'Practice setting or specialty.'),
    conceptParameter('securitylabel', 'security-label', 'A confidentiality label.'),
    codeParameter('relation', 'relation', relations, DOCUMENT_RELATION, 'replaces, transforms, signs, appends.'),
    tokenParameter('format', 'format', documentFormatTokens, 'Format of the content.'),
    untranslatedTokenParameter('language', 'Language of the content.'),
    { kind: 'uri', name: 'location', index: 'location', documentation: 'URL of the content.' },
    referenceParameter('related-ref', 'related', [], 'A related resource.'),
    referenceParameter(
      'relatesto',
      'relatesto',
      ['DocumentReference'],
      'A document that this document replaces or is related to.',
    ),
  ]),
  compartmentType('Provenance', [
    patientParameter(),
    // The targets of Provenance are limited to types of the patient record, because the Provenance of a patient record
    // has no other targets.
    referenceParameter('target', 'target', RECORD_TYPES, 'Resource that was created or changed.'),
    dateParameterWithoutExample('start', 'when', 'Start of the documented activity.'),
    dateParameterWithoutExample('end', 'when', 'End of the documented activity.'),
    referenceParameter('location', 'location', ['Location'], 'Location of the activity.'),
    conceptParameter('sigtype', 'signature-type', 'Type of signature.'),
  ]),
  compartmentType('Specimen', [
    ...patientAndSubjectParameters,
    identifierParameter,
    conceptParameter('type', 'type', 'Type of specimen.'),
    conceptParameter('accession', 'accession', 'Accession number of the laboratory.'),
    dateParameter('collected', 'collected', 'Time of collection.'),
    conceptParameter('bodysite', 'bodysite', 'Body site of collection.'),
    conceptParameter('container', 'container', 'Type of container.'),
    untranslatedTokenParameter('container-id', 'Identifier of a container.'),
    referenceParameter('collector', 'collector', ['Practitioner'], 'Person who collected the specimen.'),
    referenceParameter('parent', 'parent', ['Specimen'], 'The specimen that this specimen was made from.'),
  ]),
];
