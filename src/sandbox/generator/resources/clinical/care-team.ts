import { codeableConcept, profileMeta, type SandboxConcept } from '../../../codes/coding.ts';
import type { SandboxReference } from '../../../directory/directory.ts';
import type { PractitionerKey } from '../../../directory/practitioners.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';

const ROLES: Partial<Record<PractitionerKey, SandboxConcept>> = {
  cardiology: codeableConcept('snomed', '17561000', 'Cardiologist (occupation)', 'Cardiologist'),
  nephrology: codeableConcept('snomed', '11911009', 'Nephrologist (occupation)', 'Kidney doctor'),
  pediatrics: codeableConcept('snomed', '82296001', 'Pediatrician (occupation)', 'Children’s doctor'),
};
const PHYSICIAN = codeableConcept('snomed', '309343006', 'Physician (occupation)', 'Doctor');
const PATIENT = codeableConcept('snomed', '116154003', 'Patient (person)', 'Patient');

const CAREGIVER = codeableConcept('snomed', '133932002', 'Caregiver (person)', 'Caregiver');

/**
 * The care team: clinicians seen in the last three years, the caregiver and the patient. Undefined for a record with
 * fewer than two visits.
 */
export function addCareTeam(
  chart: RecordBuilder,
  visits: readonly ScheduledVisit[],
  caregiver: SandboxReference | undefined,
): SandboxReference | undefined {
  const lately = visits.filter(({ ago, plan }) => ago < 3 && plan.kind !== 'emergency').map(({ plan }) => plan.by);
  const doctors = [...new Set([chart.scenario.persona.doctor, ...lately])];
  if (visits.length < 2) return undefined;
  return chart.add('CareTeam', 'care team', {
    meta: profileMeta('us-core-careteam'),
    status: chart.scenario.persona.died === undefined ? 'active' : 'inactive',
    name: 'Care team',
    subject: chart.subject,
    participant: [
      ...doctors.map((key) => ({
        role: [ROLES[key] ?? PHYSICIAN],
        // A clinician of another organization takes part through a PractitionerRole.
        member: key === chart.scenario.persona.doctor ? chart.directory.practitioner(key) : chart.directory.role(key),
        onBehalfOf: chart.directory.organization('practice'),
      })),
      { role: [PATIENT], member: chart.subject },
      ...(caregiver === undefined ? [] : [{ role: [CAREGIVER], member: caregiver }]),
    ],
    managingOrganization: [chart.directory.organization('practice')],
  });
}
