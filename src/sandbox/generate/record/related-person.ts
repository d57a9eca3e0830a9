import type { Chart } from '../chart.ts';
import { conceptOf, profiled } from '../codes/coding.ts';
import type { Reference } from '../directory/directory.ts';
import type { Persona } from '../persona.ts';
import { phone } from './patient.ts';
import { recordProvenanceOf } from './provenance.ts';

/** A sandbox record has at most one representative. */
const REPRESENTATIVE = 'representative';

/**
 * RelatedPerson for a contact who represents the patient with an account of their own; `fhirUser` refers to it when
 * they sign in. Recorded last, so that identifiers and Provenance targets of earlier resources don't change.
 */
export function recordRepresentative(
  chart: Chart,
  serial: number,
): { readonly key: string; readonly relatedPersonId: string } | undefined {
  const { contact } = chart.life.persona;
  if (contact?.represents === undefined) return undefined;
  // Start a new list: the previous one is the target of the record's own Provenance, which would change otherwise.
  chart.made.set('', []);
  const related = chart.add('RelatedPerson', REPRESENTATIVE, relatedPerson(chart, contact, serial));
  recordProvenanceOf(chart, REPRESENTATIVE, [related]);
  return { key: contact.represents, relatedPersonId: related.reference.replace('RelatedPerson/', '') };
}

/** RelatedPerson for a contact who helps with care but has no account. */
export function recordCaregiver(chart: Chart, serial: number): Reference | undefined {
  const { contact } = chart.life.persona;
  if (contact?.helps !== true) return undefined;
  const related = chart.add('RelatedPerson', 'caregiver', relatedPerson(chart, contact, serial));
  return { ...related, display: `${contact.given} ${contact.family}` };
}

const RELATIONSHIPS = {
  mother: conceptOf('roleCode', 'MTH', 'mother'),
  daughter: conceptOf('roleCode', 'DAUC', 'daughter'),
  spouse: conceptOf('roleCode', 'SPS', 'spouse'),
} as const;

function relatedPerson(chart: Chart, { given, family, relation }: NonNullable<Persona['contact']>, serial: number) {
  const { street, town } = chart.life.persona;
  const [city, postalCode] = town;
  return {
    meta: profiled('us-core-relatedperson'),
    active: true,
    patient: chart.subject,
    relationship: [RELATIONSHIPS[relation]],
    name: [{ use: 'official', text: `${given} ${family}`, family, given: [given] }],
    telecom: [{ system: 'phone', value: phone(serial + 30), use: 'mobile' }],
    address: [{ use: 'home', line: [street], city, state: 'AZ', postalCode, country: 'US' }],
  };
}
