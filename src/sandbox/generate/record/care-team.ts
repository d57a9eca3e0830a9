import type { Chart, Visit } from '../chart.ts';
import { type Concept, conceptOf, profiled } from '../codes/coding.ts';
import type { Reference } from '../directory/directory.ts';
import type { PractitionerKey } from '../directory/practitioners.ts';

const ROLES: Partial<Record<PractitionerKey, Concept>> = {
  cardiology: conceptOf('snomed', '17561000', 'Cardiologist (occupation)', 'Cardiologist'),
  nephrology: conceptOf('snomed', '11911009', 'Nephrologist (occupation)', 'Kidney doctor'),
  pediatrics: conceptOf('snomed', '82296001', 'Pediatrician (occupation)', 'Children’s doctor'),
};
const PHYSICIAN = conceptOf('snomed', '309343006', 'Physician (occupation)', 'Doctor');
const PATIENT = conceptOf('snomed', '116154003', 'Patient (person)', 'Patient');

const CAREGIVER = conceptOf('snomed', '133932002', 'Caregiver (person)', 'Caregiver');

/**
 * The care team: clinicians seen in the last three years, the caregiver and the patient. Undefined for a record with
 * fewer than two visits.
 */
export function recordCareTeam(
  chart: Chart,
  visits: readonly Visit[],
  caregiver: Reference | undefined,
): Reference | undefined {
  const lately = visits.filter(({ ago, plan }) => ago < 3 && plan.kind !== 'emergency').map(({ plan }) => plan.by);
  const doctors = [...new Set([chart.life.persona.doctor, ...lately])];
  if (visits.length < 2) return undefined;
  return chart.add('CareTeam', 'care team', {
    meta: profiled('us-core-careteam'),
    status: chart.life.persona.died === undefined ? 'active' : 'inactive',
    name: 'Care team',
    subject: chart.subject,
    participant: [
      ...doctors.map((key) => ({
        role: [ROLES[key] ?? PHYSICIAN],
        // A clinician of another organization takes part through a PractitionerRole.
        member: key === chart.life.persona.doctor ? chart.directory.practitioner(key) : chart.directory.role(key),
        onBehalfOf: chart.directory.organization('practice'),
      })),
      { role: [PATIENT], member: chart.subject },
      ...(caregiver === undefined ? [] : [{ role: [CAREGIVER], member: caregiver }]),
    ],
    managingOrganization: [chart.directory.organization('practice')],
  });
}
