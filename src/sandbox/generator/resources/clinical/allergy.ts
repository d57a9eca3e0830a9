import { coding, profileMeta } from '../../../codes/coding.ts';
import { REACTIONS, SUBSTANCES } from '../../../codes/substances.ts';
import { toFhirDate } from '../../../scenarios/calendar.ts';
import type { AllergyPlan } from '../../../scenarios/scenario.ts';
import type { RecordBuilder } from '../../record-builder.ts';

const CLINICAL = { active: 'Active', resolved: 'Resolved', inactive: 'Inactive' } as const;
const clinical = (code: keyof typeof CLINICAL) => ({ coding: [coding('allergyClinical', code, CLINICAL[code])] });
const verified = (code: 'confirmed' | 'refuted', display: string) => ({
  coding: [coding('allergyVerification', code, display)],
});

export function addAllergies(chart: RecordBuilder): void {
  for (const allergy of chart.scenario.allergies)
    chart.add('AllergyIntolerance', allergy.substance, body(chart, allergy));
}

function body(chart: RecordBuilder, allergy: AllergyPlan): Record<string, unknown> {
  const state = allergy.state ?? 'active';
  const onset = chart.dateAt(allergy.onset ?? Math.min(6, chart.scenario.persona.age * 0.9));
  const none = allergy.substance === 'none';
  return {
    meta: profileMeta('us-core-allergyintolerance'),
    clinicalStatus: clinical(state === 'refuted' ? 'inactive' : state),
    verificationStatus: state === 'refuted' ? verified('refuted', 'Refuted') : verified('confirmed', 'Confirmed'),
    ...(none ? {} : { type: 'allergy', category: [allergy.category ?? 'medication'] }),
    ...(none ? {} : { criticality: allergy.highRisk === true ? 'high' : 'low' }),
    code: SUBSTANCES[allergy.substance],
    patient: chart.subject,
    ...(none ? {} : { onsetDateTime: toFhirDate(onset) }),
    recordedDate: toFhirDate(onset),
    recorder: chart.directory.practitioner(chart.scenario.persona.doctor),
    ...(allergy.reactions === undefined ? {} : { reaction: reactions(allergy, onset) }),
    ...(state === 'refuted' ? { note: [{ text: 'Tolerated at a supervised test. Not an allergy.' }] } : {}),
  };
}

const reactions = (allergy: AllergyPlan, onset: Date) => [
  {
    substance: SUBSTANCES[allergy.substance],
    manifestation: (allergy.reactions ?? []).map((key) => REACTIONS[key]),
    onset: toFhirDate(onset),
    ...(allergy.severity === undefined ? {} : { severity: allergy.severity }),
  },
];
