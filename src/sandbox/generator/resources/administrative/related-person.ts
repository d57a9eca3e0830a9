import { codeableConcept, profileMeta } from '../../../codes/coding.ts';
import type { SandboxReference } from '../../../directory/directory.ts';
import type { Persona } from '../../../scenarios/persona.ts';
import type { RecordBuilder } from '../../record-builder.ts';
import { addProvenanceFor } from '../provenance.ts';
import { phone } from './patient.ts';

/**
 * Key of the representative's RelatedPerson. It is constant, because a sandbox record has at most one representative.
 */
const REPRESENTATIVE = 'representative';

/**
 * Adds the RelatedPerson for a contact who represents the patient with an account of their own. `fhirUser` refers to
 * this RelatedPerson when the contact signs in. The RelatedPerson is added after all other resources, so that their
 * identifiers and Provenance targets are the same with and without it.
 */
export function addRepresentative(
  chart: RecordBuilder,
  serial: number,
): { readonly key: string; readonly relatedPersonId: string } | undefined {
  const { contact } = chart.scenario.persona;
  if (contact?.represents === undefined) return undefined;
  // The Provenance of resources that belong to no visit already uses the current list as its targets. Starting a new
  // list keeps that Provenance unchanged, and the RelatedPerson gets a Provenance of its own.
  chart.referencesByVisit.set('', []);
  const related = chart.add('RelatedPerson', REPRESENTATIVE, relatedPerson(chart, contact, serial));
  addProvenanceFor(chart, REPRESENTATIVE, [related]);
  return { key: contact.represents, relatedPersonId: related.reference.replace('RelatedPerson/', '') };
}

/** RelatedPerson for a contact who helps with care but has no account. */
export function addCaregiver(chart: RecordBuilder, serial: number): SandboxReference | undefined {
  const { contact } = chart.scenario.persona;
  if (contact?.helps !== true) return undefined;
  const related = chart.add('RelatedPerson', 'caregiver', relatedPerson(chart, contact, serial));
  return { ...related, display: `${contact.given} ${contact.family}` };
}

const RELATIONSHIPS = {
  mother: codeableConcept('roleCode', 'MTH', 'mother'),
  daughter: codeableConcept('roleCode', 'DAUC', 'daughter'),
  spouse: codeableConcept('roleCode', 'SPS', 'spouse'),
} as const;

function relatedPerson(
  chart: RecordBuilder,
  { given, family, relation }: NonNullable<Persona['contact']>,
  serial: number,
) {
  const { street, town } = chart.scenario.persona;
  const [city, postalCode] = town;
  return {
    meta: profileMeta('us-core-relatedperson'),
    active: true,
    patient: chart.subject,
    relationship: [RELATIONSHIPS[relation]],
    name: [{ use: 'official', text: `${given} ${family}`, family, given: [given] }],
    telecom: [{ system: 'phone', value: phone(serial + 30), use: 'mobile' }],
    address: [{ use: 'home', line: [street], city, state: 'AZ', postalCode, country: 'US' }],
  };
}
