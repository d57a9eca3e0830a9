import type { Chart } from '../chart.ts';
import { conceptOf, profiled } from '../codes/coding.ts';
import { phone } from './patient.ts';
import { recordProvenanceOf } from './provenance.ts';

/** A record of the sandbox has one at most. */
const REPRESENTATIVE = 'representative';

/**
 * US Core RelatedPerson for a contact who acts for the patient with an account of their own: what `fhirUser` names when
 * they sign in. Comes after the life, so that nothing in it is numbered or targeted otherwise.
 */
export function recordRepresentative(
  chart: Chart,
  serial: number,
): { readonly key: string; readonly relatedPersonId: string } | undefined {
  const { contact, street, town } = chart.life.persona;
  if (contact?.represents === undefined) return undefined;
  const { given, family, represents } = contact;
  const [city, postalCode] = town;
  // The shelf before is the target of the record's own Provenance, which would grow by what is added here.
  chart.made.set('', []);
  const related = chart.add('RelatedPerson', REPRESENTATIVE, {
    meta: profiled('us-core-relatedperson'),
    active: true,
    patient: chart.subject,
    relationship: [conceptOf('roleCode', 'MTH', 'mother')],
    name: [{ use: 'official', text: `${given} ${family}`, family, given: [given] }],
    telecom: [{ system: 'phone', value: phone(serial + 30), use: 'mobile' }],
    address: [{ use: 'home', line: [street], city, state: 'AZ', postalCode, country: 'US' }],
  });
  recordProvenanceOf(chart, REPRESENTATIVE, [related]);
  return { key: represents, relatedPersonId: related.reference.replace('RelatedPerson/', '') };
}
