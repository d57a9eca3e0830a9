import { coding, conceptOf, profiled } from '../codes/coding.ts';
import type { Organization } from './places.ts';
import type { Clinician } from './practitioners.ts';
import type { Reference } from './reference.ts';

interface Where {
  readonly practitioner: Reference;
  readonly organization: Reference;
  readonly location: Reference;
  readonly endpoint: Reference;
}

/** PractitionerRole: specialty, workplace and contact. */
export function roleBody(
  { specialty }: Clinician,
  employer: Organization,
  { practitioner: clinicianReference, organization, location, endpoint }: Where,
) {
  return {
    meta: profiled('us-core-practitionerrole'),
    active: true,
    practitioner: clinicianReference,
    organization,
    code: [conceptOf('nucc', ...specialty)],
    specialty: [conceptOf('nucc', ...specialty)],
    location: [location],
    telecom: [{ system: 'phone', value: employer.phone, use: 'work' }],
    endpoint: [endpoint],
  };
}

/** Endpoint for Direct messages from other practices. */
export const endpointBody = (managing: Reference) => ({
  status: 'active',
  connectionType: coding('endpointConnection', 'direct-project', 'Direct Project'),
  name: 'Direct messages',
  managingOrganization: managing,
  payloadType: [{ coding: [coding('endpointPayload', 'any', 'Any')] }],
  address: 'mailto:records@direct.sandbox.example.org',
});
