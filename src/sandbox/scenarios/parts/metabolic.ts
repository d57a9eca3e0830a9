import type { PractitionerKey } from '../../directory/practitioners.ts';
import type { YearsAgo } from '../calendar.ts';
import type { RegimenPlan, ScenarioPart } from '../scenario.ts';
import type { Trend } from '../trend.ts';
import { pill } from './dosage.ts';

/**
 * Type 2 diabetes. Glucose follows hemoglobin A1c (the ADA's estimated average glucose, a little lower when fasting).
 */
export function diabetes(
  onset: YearsAgo,
  a1c: Trend,
  by: PractitionerKey,
  metforminEnded: Pick<RegimenPlan, 'until' | 'end' | 'endReason'> = {},
): ScenarioPart {
  const sig = pill(2, 1, 'with the evening meal');
  return {
    problems: [{ key: 'diabetes', onset }],
    medicines: [{ drug: 'metformin', from: onset, ...metforminEnded, for: 'diabetes', by, dosage: sig }],
    labs: [
      { panel: 'a1c', every: 0.3, from: onset + 3 },
      { panel: 'urineAlbumin', every: 1, from: onset },
      { panel: 'basic', every: 0.6, from: onset },
      { panel: 'lipids', every: 1, from: onset },
    ],
    trends: { a1c, glucose: a1c.map(([ago, value]) => [ago, (28.7 * value - 46.7) * 0.88]) },
  };
}

export function hypertension(onset: YearsAgo, systolic: Trend, by: PractitionerKey): ScenarioPart {
  return {
    problems: [{ key: 'hypertension', onset }],
    labs: [{ panel: 'basic', every: 1, from: onset }],
    vitals: { systolic, diastolic: systolic.map(([ago, value]) => [ago, value * 0.42 + 27]) },
    medicines: [{ drug: 'lisinopril10', from: onset, for: 'hypertension', by, dosage: pill(1, 1) }],
  };
}

/**
 * Builds high cholesterol without its treatment. The caller adds the statin, because drug and start date differ between
 * patients.
 */
export const hyperlipidemia = (onset: YearsAgo, cholesterol: Trend): ScenarioPart => ({
  problems: [{ key: 'hyperlipidemia', onset }],
  labs: [{ panel: 'lipids', every: 1, from: onset }],
  trends: { cholesterol, triglycerides: cholesterol.map(([ago, value]) => [ago, value * 0.78]), hdl: [[0, 46]] },
});

export const hypothyroidism = (onset: YearsAgo, tsh: Trend, by: PractitionerKey): ScenarioPart => ({
  problems: [{ key: 'hypothyroidism', onset }],
  labs: [{ panel: 'thyroid', every: 0.45, from: onset + 0.1 }],
  trends: { tsh },
  medicines: [
    {
      drug: 'levothyroxine',
      from: onset,
      for: 'hypothyroidism',
      by,
      dosage: pill(1, 1, 'on an empty stomach, 30 minutes before breakfast'),
    },
  ],
});
