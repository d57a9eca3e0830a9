import type { SearchParameter } from '../core/search-parameter.ts';
import type { ServedType } from '../core/version.ts';
import { PRIORITY, REQUEST_STATUS, type RequestForm } from './convert/service-request.ts';
import { about, code, concept, encounter, identifier, PEOPLE, patient, rareDate, reference } from './parameters.ts';
import { projectionOf } from './served-forms.ts';

/** What a ServiceRequest is in DSTU2, by its category: each in a projection of its own. */
const request = (name: RequestForm, parameters: readonly SearchParameter[]): ServedType => ({
  name,
  stored: 'ServiceRequest',
  home: 'record',
  parameters,
  projection: projectionOf(name),
});
const status = (form: RequestForm, dstu2: string): SearchParameter =>
  code(
    'status',
    'status',
    { dstu2, stored: 'http://hl7.org/fhir/request-status' },
    REQUEST_STATUS[form],
    'How far it is: draft, completed and others.',
  );
const priorities = {
  dstu2: 'http://hl7.org/fhir/diagnostic-order-priority',
  stored: 'http://hl7.org/fhir/request-priority',
};
const orderer = (...targets: readonly string[]): SearchParameter =>
  reference('orderer', 'requester', targets, 'Who ordered it.', ['orderer']);

/** What was asked for. Parameters are those of DSTU2. */
export const REQUEST_TYPES: readonly ServedType[] = [
  request('DiagnosticOrder', [
    ...about,
    status('DiagnosticOrder', 'http://hl7.org/fhir/diagnostic-order-status'),
    concept('code', 'code', 'What is to be examined.'),
    rareDate('event-date', 'authored', 'When it was ordered.'),
    identifier,
    encounter,
    concept('bodysite', 'body-site', 'Where on the body.'),
    orderer('Practitioner'),
    reference('actor', 'requester', ['Practitioner'], 'Who ordered it, as what happened to it tells.', ['event.actor']),
    reference('specimen', 'specimen', ['Specimen'], 'What is to be examined.'),
  ]),
  request('ProcedureRequest', [
    ...about,
    identifier,
    encounter,
    orderer('Device', ...PEOPLE),
    reference('performer', 'performer', ['Organization', ...PEOPLE], 'Who is to do it.'),
  ]),
  request('ReferralRequest', [
    patient(),
    status('ReferralRequest', 'http://hl7.org/fhir/referralstatus'),
    rareDate('date', 'authored', 'When it was written.'),
    concept('type', 'category', 'What kind of referral it is.'),
    code('priority', 'priority', priorities, PRIORITY, 'routine, urgent, asap or stat.'),
    concept('specialty', 'performer-type', 'The specialty of whom it is for.'),
    reference('requester', 'requester', ['Organization', 'Patient', 'Practitioner'], 'Who asks.'),
    reference('recipient', 'performer', ['Organization', 'Practitioner'], 'Who is asked.', ['recipient']),
  ]),
];
