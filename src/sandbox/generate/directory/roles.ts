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

/** In which role somebody works, where, and how to reach them. */
export function roleBody(
  { specialty }: Clinician,
  employer: Organization,
  { practitioner: who, organization, location, endpoint }: Where,
) {
  return {
    meta: profiled('us-core-practitionerrole'),
    active: true,
    practitioner: who,
    organization,
    code: [conceptOf('nucc', ...specialty)],
    specialty: [conceptOf('nucc', ...specialty)],
    location: [location],
    telecom: [{ system: 'phone', value: employer.phone, use: 'work' }],
    endpoint: [endpoint],
  };
}

/** Where messages from other practices go: Direct. */
export const endpointBody = (managing: Reference) => ({
  status: 'active',
  connectionType: coding('endpointConnection', 'direct-project', 'Direct Project'),
  name: 'Direct messages',
  managingOrganization: managing,
  payloadType: [{ coding: [coding('endpointPayload', 'any', 'Any')] }],
  address: 'mailto:records@direct.sandbox.example.org',
});
