import { coding } from '../../../codes/coding.ts';
import type { SandboxReference } from '../../../directory/directory.ts';
import { addDays, toFhirDate, toFhirDateTime } from '../../../scenarios/calendar.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';

const usd = (value: number) => ({ value, currency: 'USD' });

/** Adds the ExplanationOfBenefit: the claim for the latest checkup, and the insurer's payment. */
export function addExplanationOfBenefit(
  chart: RecordBuilder,
  visits: readonly ScheduledVisit[],
  coverage: SandboxReference | undefined,
): void {
  const visit = visits.findLast(({ plan }) => plan.kind === 'checkup');
  if (coverage === undefined || visit === undefined || chart.scenario.persona.died !== undefined) return;
  const payer = chart.directory.organization(chart.scenario.persona.age >= 65 ? 'medicare' : 'healthPlan');
  if (chart.scenario.persona.insurance === 'medicaid') return;
  chart.add('ExplanationOfBenefit', 'bill', {
    status: 'active',
    type: { coding: [coding('claimType', 'professional', 'Professional')] },
    use: 'claim',
    patient: chart.subject,
    billablePeriod: { start: toFhirDate(visit.start), end: toFhirDate(visit.start) },
    created: toFhirDateTime(addDays(visit.start, 9)),
    insurer: payer,
    provider: chart.directory.organization('practice'),
    outcome: 'complete',
    insurance: [{ focal: true, coverage }],
    item: [
      {
        sequence: 1,
        productOrService: { text: 'Yearly check-up' },
        servicedDate: toFhirDate(visit.start),
        encounter: [visit.encounter],
        adjudication: [
          { category: { coding: [coding('adjudication', 'submitted', 'Submitted Amount')] }, amount: usd(240) },
          { category: { coding: [coding('adjudication', 'benefit', 'Benefit Amount')] }, amount: usd(215) },
          { category: { coding: [coding('adjudication', 'copay', 'CoPay')] }, amount: usd(25) },
        ],
      },
    ],
    total: [{ category: { coding: [coding('adjudication', 'submitted', 'Submitted Amount')] }, amount: usd(240) }],
    payment: { date: toFhirDate(addDays(visit.start, 30)), amount: usd(215) },
  });
}
