import type { SearchParameter } from '../core/search-parameter.ts';
import type { ServedType } from '../core/version.ts';
import { PRIORITY, REQUEST_STATUS, type RequestForm } from './convert/service-request.ts';
import { about, code, concept, encounter, identifier, PEOPLE, patient, rareDate, reference } from './parameters.ts';
import { projectionOf } from './served-forms.ts';

/** The DSTU2 type of a ServiceRequest depends on its category, and each of the types has its own projection. */
const requestType = (name: RequestForm, parameters: readonly SearchParameter[]): ServedType => ({
  name,
  stored: 'ServiceRequest',
  home: 'record',
  parameters,
  projection: projectionOf(name),
});
const statusParameter = (variant: RequestForm, dstu2: string): SearchParameter =>
  code(
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
  reference('orderer', 'requester', targets, 'Who ordered it.', ['orderer']);

/** Orders, procedure requests, and referrals, with the search parameters of DSTU2. */
export const REQUEST_TYPES: readonly ServedType[] = [
  requestType('DiagnosticOrder', [
    ...about,
    statusParameter('DiagnosticOrder', 'http://hl7.org/fhir/diagnostic-order-status'),
    concept('code', 'code', 'What is to be examined.'),
    rareDate('event-date', 'authored', 'When it was ordered.'),
    identifier,
    encounter,
    concept('bodysite', 'body-site', 'Where on the body.'),
    ordererParameter('Practitioner'),
    reference('actor', 'requester', ['Practitioner'], 'Who ordered it, as what happened to it tells.', ['event.actor']),
    reference('specimen', 'specimen', ['Specimen'], 'What is to be examined.'),
  ]),
  requestType('ProcedureRequest', [
    ...about,
    identifier,
    encounter,
    ordererParameter('Device', ...PEOPLE),
    reference('performer', 'performer', ['Organization', ...PEOPLE], 'Who is to do it.'),
  ]),
  requestType('ReferralRequest', [
    patient(),
    statusParameter('ReferralRequest', 'http://hl7.org/fhir/referralstatus'),
    rareDate('date', 'authored', 'When it was written.'),
    concept('type', 'category', 'What kind of referral it is.'),
    code('priority', 'priority', priorities, PRIORITY, 'routine, urgent, asap or stat.'),
    concept('specialty', 'performer-type', 'The specialty of whom it is for.'),
    reference('requester', 'requester', ['Organization', 'Patient', 'Practitioner'], 'Who asks.'),
    reference('recipient', 'performer', ['Organization', 'Practitioner'], 'Who is asked.', ['recipient']),
  ]),
];
