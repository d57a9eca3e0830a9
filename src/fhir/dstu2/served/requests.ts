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
    'How far it is: draft, completed and others.',
  );
const priorities = {
  dstu2: 'http://hl7.org/fhir/diagnostic-order-priority',
  stored: 'http://hl7.org/fhir/request-priority',
};
const ordererParameter = (...targets: readonly string[]): SearchParameter =>
  referenceParameter('orderer', 'requester', targets, 'Who ordered it.', ['orderer']);

/** DSTU2 types for orders, procedure requests, and referrals, with the search parameters of DSTU2. */
export const REQUEST_TYPES: readonly ServedType[] = [
  requestType('DiagnosticOrder', [
    ...patientAndSubjectParameters,
    statusParameter('DiagnosticOrder', 'http://hl7.org/fhir/diagnostic-order-status'),
    conceptParameter('code', 'code', 'What is to be examined.'),
    dateParameterWithoutExample('event-date', 'authored', 'When it was ordered.'),
    identifierParameter,
    encounterParameter,
    conceptParameter('bodysite', 'body-site', 'Where on the body.'),
    ordererParameter('Practitioner'),
    referenceParameter('actor', 'requester', ['Practitioner'], 'Who ordered it, as what happened to it tells.', [
      'event.actor',
    ]),
    referenceParameter('specimen', 'specimen', ['Specimen'], 'What is to be examined.'),
  ]),
  requestType('ProcedureRequest', [
    ...patientAndSubjectParameters,
    identifierParameter,
    encounterParameter,
    ordererParameter('Device', ...PERSON_TYPES),
    referenceParameter('performer', 'performer', ['Organization', ...PERSON_TYPES], 'Who is to do it.'),
  ]),
  requestType('ReferralRequest', [
    patientParameter(),
    statusParameter('ReferralRequest', 'http://hl7.org/fhir/referralstatus'),
    dateParameterWithoutExample('date', 'authored', 'When it was written.'),
    conceptParameter('type', 'category', 'What kind of referral it is.'),
    codeParameter('priority', 'priority', priorities, REQUEST_PRIORITY, 'routine, urgent, asap or stat.'),
    conceptParameter('specialty', 'performer-type', 'The specialty of whom it is for.'),
    referenceParameter('requester', 'requester', ['Organization', 'Patient', 'Practitioner'], 'Who asks.'),
    referenceParameter('recipient', 'performer', ['Organization', 'Practitioner'], 'Who is asked.', ['recipient']),
  ]),
];
