import { codeableConcept, coding, profileMeta } from '../../../codes/coding.ts';
import type { SandboxReference } from '../../../directory/directory.ts';
import { toFhirDate } from '../../../scenarios/calendar.ts';
import type { RecordBuilder } from '../../record-builder.ts';

const PAYERS = {
  medicare: { type: ['1', 'MEDICARE'], of: 'medicare', group: 'Original Medicare', plan: 'Parts A and B' },
  medicaid: { type: ['2', 'MEDICAID'], of: 'medicaid', group: 'State Medicaid', plan: 'Standard' },
  private: {
    type: ['512', 'Commercial Managed Care - PPO'],
    of: 'healthPlan',
    group: 'Employees of Ocotillo Works',
    plan: 'Silver PPO',
  },
} as const;

/** Adds the patient's insurance coverage. Returns undefined if the patient has none. */
export function addCoverage(chart: RecordBuilder, serial: number): SandboxReference | undefined {
  const { insurance, age, contact } = chart.scenario.persona;
  if (insurance === 'none') return undefined;
  const { type, of, group, plan } = PAYERS[age >= 65 ? 'medicare' : (insurance ?? 'private')];
  const isChild = age < 19 && contact !== undefined;
  const member = String(880_000_000 + serial * 1009);
  return chart.add('Coverage', 'coverage', {
    meta: profileMeta('us-core-coverage'),
    identifier: [
      {
        type: { coding: [coding('identifierType', 'MB', 'Member Number')] },
        system: 'https://sandbox.example.org/member',
        value: `${member}-0${isChild ? 2 : 1}`,
      },
    ],
    status: chart.scenario.persona.died === undefined ? 'active' : 'cancelled',
    type: codeableConcept('payerType', type[0], type[1]),
    subscriberId: member,
    beneficiary: chart.subject,
    relationship: isChild
      ? { coding: [coding('subscriber', 'child', 'Child')] }
      : { coding: [coding('subscriber', 'self', 'Self')] },
    period: { start: toFhirDate(chart.dateAt(Math.min(age, 2.9))) },
    payor: [chart.directory.organization(of)],
    class: [
      { type: { coding: [coding('coverageClass', 'group', 'Group')] }, value: `G-${serial}`, name: group },
      { type: { coding: [coding('coverageClass', 'plan', 'Plan')] }, value: plan.replaceAll(' ', '-'), name: plan },
    ],
  });
}
