import { codeableConcept, coding, profileMeta } from '../codes/coding.ts';
import type { SandboxOrganization } from './organizations.ts';
import type { Clinician } from './practitioners.ts';
import type { SandboxReference } from './reference.ts';

interface RoleReferences {
  readonly practitioner: SandboxReference;
  readonly organization: SandboxReference;
  readonly location: SandboxReference;
  readonly endpoint: SandboxReference;
}

/** Builds the PractitionerRole that links a clinician to specialty, workplace and contact details. */
export function roleBody(
  { specialty }: Clinician,
  employer: SandboxOrganization,
  { practitioner: clinicianReference, organization, location, endpoint }: RoleReferences,
) {
  return {
    meta: profileMeta('us-core-practitionerrole'),
    active: true,
    practitioner: clinicianReference,
    organization,
    code: [codeableConcept('nucc', ...specialty)],
    specialty: [codeableConcept('nucc', ...specialty)],
    location: [location],
    telecom: [{ system: 'phone', value: employer.phone, use: 'work' }],
    endpoint: [endpoint],
  };
}

/** Endpoint for Direct messages from other practices. */
export const endpointBody = (managing: SandboxReference) => ({
  status: 'active',
  connectionType: coding('endpointConnection', 'direct-project', 'Direct Project'),
  name: 'Direct messages',
  managingOrganization: managing,
  payloadType: [{ coding: [coding('endpointPayload', 'any', 'Any')] }],
  address: 'mailto:records@direct.sandbox.example.org',
});
