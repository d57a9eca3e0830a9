import { dateText } from '../calendar.ts';
import type { Chart } from '../chart.ts';
import { coding, profiled } from '../codes/coding.ts';
import { REACTIONS, SUBSTANCES } from '../codes/substances.ts';
import type { Allergy } from '../life.ts';

const CLINICAL = { active: 'Active', resolved: 'Resolved', inactive: 'Inactive' } as const;
const clinical = (code: keyof typeof CLINICAL) => ({ coding: [coding('allergyClinical', code, CLINICAL[code])] });
const verified = (code: 'confirmed' | 'refuted', display: string) => ({
  coding: [coding('allergyVerification', code, display)],
});

export function recordAllergies(chart: Chart): void {
  for (const allergy of chart.life.allergies) chart.add('AllergyIntolerance', allergy.to, body(chart, allergy));
}

function body(chart: Chart, allergy: Allergy): Record<string, unknown> {
  const state = allergy.state ?? 'active';
  const onset = chart.moment(allergy.onset ?? Math.min(6, chart.life.persona.age * 0.9));
  const none = allergy.to === 'none';
  return {
    meta: profiled('us-core-allergyintolerance'),
    clinicalStatus: clinical(state === 'refuted' ? 'inactive' : state),
    verificationStatus: state === 'refuted' ? verified('refuted', 'Refuted') : verified('confirmed', 'Confirmed'),
    ...(none ? {} : { type: 'allergy', category: [allergy.category ?? 'medication'] }),
    ...(none ? {} : { criticality: allergy.high === true ? 'high' : 'low' }),
    code: SUBSTANCES[allergy.to],
    patient: chart.subject,
    ...(none ? {} : { onsetDateTime: dateText(onset) }),
    recordedDate: dateText(onset),
    recorder: chart.directory.practitioner(chart.life.persona.doctor),
    ...(allergy.reactions === undefined ? {} : { reaction: reactions(allergy, onset) }),
    ...(state === 'refuted' ? { note: [{ text: 'Tolerated at a supervised test. Not an allergy.' }] } : {}),
  };
}

const reactions = (allergy: Allergy, onset: Date) => [
  {
    substance: SUBSTANCES[allergy.to],
    manifestation: (allergy.reactions ?? []).map((key) => REACTIONS[key]),
    onset: dateText(onset),
    ...(allergy.severity === undefined ? {} : { severity: allergy.severity }),
  },
];
