import { dateText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { type Concept, coding, conceptOf, profiled } from '../codes/coding.ts';
import { recordFinding } from './observation.ts';

const WORK: Record<'nursingAssistant' | 'unknown', { readonly job: Concept; readonly industry: Concept }> = {
  nursingAssistant: {
    job: conceptOf(
      'occupation',
      '31-1014.00.007136',
      'Certified Nursing Assistant (CNA) [Nursing Assistants]',
      'Nursing assistant',
    ),
    industry: conceptOf('occupation', '621610.008495', 'Home nursing services'),
  },
  unknown: {
    job: conceptOf('dataAbsent', 'unknown', 'Unknown', 'Work not known'),
    industry: conceptOf('dataAbsent', 'unknown', 'Unknown', 'Not known'),
  },
};

/** The occupation. US Core puts the start of the job into effectivePeriod. */
export function recordOccupation(chart: Chart): void {
  const { works } = chart.life.persona;
  if (works === undefined) return;
  const { job, industry } = WORK[works];
  chart.add('Observation', 'occupation', {
    meta: profiled('us-core-observation-occupation'),
    status: 'final',
    category: [{ coding: [coding('observationCategory', 'social-history', 'Social History')], text: 'Social History' }],
    code: conceptOf('loinc', '11341-5', 'History of Occupation', 'Occupation'),
    subject: chart.subject,
    effectivePeriod: { start: dateText(chart.moment(6.2)) },
    performer: [chart.subject],
    valueCodeableConcept: job,
    component: [
      {
        code: conceptOf('loinc', '86188-0', 'History of Occupation Industry', 'Industry'),
        valueCodeableConcept: industry,
      },
    ],
  });
}

const ORIENTATIONS = {
  heterosexual: conceptOf('snomed', '20430005', 'Heterosexual (finding)', 'Straight'),
  notAnswered: conceptOf('nullFlavor', 'ASKU', 'asked but unknown', 'Asked, and not answered'),
} as const;

/** Answers recorded once, at the latest checkup. */
export function recordAnswers(chart: Chart, visit: Visit): void {
  const { orientation, birthSex, age } = chart.life.persona;
  if (orientation !== undefined)
    recordFinding(chart, visit, 'orientation', {
      profile: 'us-core-observation-sexual-orientation',
      category: 'social-history',
      code: conceptOf('loinc', '76690-7', 'Sexual orientation'),
      minute: 7,
      found: { valueCodeableConcept: ORIENTATIONS[orientation] },
    });
  if (birthSex === 'F' && age >= 18 && age < 55 && orientation !== undefined)
    recordFinding(chart, visit, 'pregnancy intent', {
      profile: 'us-core-observation-pregnancyintent',
      category: 'social-history',
      code: conceptOf('loinc', '86645-9', 'Pregnancy intention in the next year - Reported', 'Wish for a child'),
      minute: 7,
      found: {
        valueCodeableConcept: conceptOf(
          'snomed',
          '454381000124105',
          'Not sure of desire to become pregnant (finding)',
          'Not sure',
        ),
      },
    });
}
