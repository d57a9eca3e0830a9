import type { ServedType } from '../../model/fhir-version.ts';
import type { SearchParameter } from '../../model/search-parameter.ts';
import { type Dstu2RequestType, REQUEST_PRIORITY, REQUEST_STATUS } from '../convert/requests/service-request.ts';
import {
  codeParameter,
  conceptParameter,
  dateParameterWithoutExample,
  encounterParameter,
  identifierParameter,
  PERSON_TYPES,
  patientAndSubjectParameters,
  patientParameter,
  referenceParameter,
} from './parameter-builders.ts';
import { variantProjection } from './variants.ts';

/**
 * Declares a DSTU2 type that R4 ServiceRequests become. The category of a ServiceRequest decides which of the three
 * types it is, and the DSTU2 text of each type is stored separately.
 */
const requestType = (name: Dstu2RequestType, parameters: readonly SearchParameter[]): ServedType => ({
  name,
  stored: 'ServiceRequest',
  compartment: 'record',
  parameters,
  projection: variantProjection(name),
});
const statusParameter = (variant: Dstu2RequestType, dstu2: string): SearchParameter =>
  codeParameter(
    'status',
    'status',
    { dstu2, stored: 'http://hl7.org/fhir/request-status' },
    REQUEST_STATUS[variant],
    'Status: draft, completed and others.',
  );
const priorities = {
  dstu2: 'http://hl7.org/fhir/diagnostic-order-priority',
  stored: 'http://hl7.org/fhir/request-priority',
};
const ordererParameter = (...targets: readonly string[]): SearchParameter =>
  referenceParameter('orderer', 'requester', targets, 'Person or device that placed the order.', ['orderer']);

/** DSTU2 types for orders, procedure requests, and referrals, with the search parameters of DSTU2. */
export const REQUEST_TYPES: readonly ServedType[] = [
  requestType('DiagnosticOrder', [
    ...patientAndSubjectParameters,
    statusParameter('DiagnosticOrder', 'http://hl7.org/fhir/diagnostic-order-status'),
    conceptParameter('code', 'code', 'Code of the examination.'),
    dateParameterWithoutExample('event-date', 'authored', 'Time of the order.'),
    identifierParameter,
    encounterParameter,
    conceptParameter('bodysite', 'body-site', 'Body site.'),
    ordererParameter('Practitioner'),
    referenceParameter(
      'actor',
      'requester',
      ['Practitioner'],
      'Practitioner who placed the order, as recorded in its events.',
      ['event.actor'],
    ),
    referenceParameter('specimen', 'specimen', ['Specimen'], 'The specimen to examine.'),
  ]),
  requestType('ProcedureRequest', [
    ...patientAndSubjectParameters,
    identifierParameter,
    encounterParameter,
    ordererParameter('Device', ...PERSON_TYPES),
    referenceParameter(
      'performer',
      'performer',
      ['Organization', ...PERSON_TYPES],
      'Person or organization that performs the procedure.',
    ),
  ]),
  requestType('ReferralRequest', [
    patientParameter(),
    statusParameter('ReferralRequest', 'http://hl7.org/fhir/referralstatus'),
    dateParameterWithoutExample('date', 'authored', 'Time when the referral was written.'),
    conceptParameter('type', 'category', 'Type of referral.'),
    codeParameter('priority', 'priority', priorities, REQUEST_PRIORITY, 'routine, urgent, asap or stat.'),
    conceptParameter('specialty', 'performer-type', 'Specialty of the recipient.'),
    referenceParameter(
      'requester',
      'requester',
      ['Organization', 'Patient', 'Practitioner'],
      'Person or organization that requests the referral.',
    ),
    referenceParameter(
      'recipient',
      'performer',
      ['Organization', 'Practitioner'],
      'Person or organization that receives the referral.',
      ['recipient'],
    ),
  ]),
];
