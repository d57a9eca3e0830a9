import { addDays, dateText, timeText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { coding } from '../codes/coding.ts';
import type { Reference } from '../directory/directory.ts';

const usd = (value: number) => ({ value, currency: 'USD' });

/** The claim for the latest checkup and the insurer's payment (ExplanationOfBenefit). */
export function recordBill(chart: Chart, visits: readonly Visit[], coverage: Reference | undefined): void {
  const visit = visits.findLast(({ plan }) => plan.kind === 'checkup');
  if (coverage === undefined || visit === undefined || chart.life.persona.died !== undefined) return;
  const payer = chart.directory.organization(chart.life.persona.age >= 65 ? 'medicare' : 'healthPlan');
  if (chart.life.persona.insurance === 'medicaid') return;
  chart.add('ExplanationOfBenefit', 'bill', {
    status: 'active',
    type: { coding: [coding('claimType', 'professional', 'Professional')] },
    use: 'claim',
    patient: chart.subject,
    billablePeriod: { start: dateText(visit.start), end: dateText(visit.start) },
    created: timeText(addDays(visit.start, 9)),
    insurer: payer,
    provider: chart.directory.organization('practice'),
    outcome: 'complete',
    insurance: [{ focal: true, coverage }],
    item: [
      {
        sequence: 1,
        productOrService: { text: 'Yearly check-up' },
        servicedDate: dateText(visit.start),
        encounter: [visit.encounter],
        adjudication: [
          { category: { coding: [coding('adjudication', 'submitted', 'Submitted Amount')] }, amount: usd(240) },
          { category: { coding: [coding('adjudication', 'benefit', 'Benefit Amount')] }, amount: usd(215) },
          { category: { coding: [coding('adjudication', 'copay', 'CoPay')] }, amount: usd(25) },
        ],
      },
    ],
    total: [{ category: { coding: [coding('adjudication', 'submitted', 'Submitted Amount')] }, amount: usd(240) }],
    payment: { date: dateText(addDays(visit.start, 30)), amount: usd(215) },
  });
}
