import { codeableConcept, coding, profileMeta, type SandboxConcept } from '../../../codes/coding.ts';
import { toFhirDate } from '../../../scenarios/calendar.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import { addObservation } from './observation.ts';

const OCCUPATIONS: Record<
  'nursingAssistant' | 'unknown',
  { readonly job: SandboxConcept; readonly industry: SandboxConcept }
> = {
  nursingAssistant: {
    job: codeableConcept(
      'occupation',
      '31-1014.00.007136',
      'Certified Nursing Assistant (CNA) [Nursing Assistants]',
      'Nursing assistant',
    ),
    industry: codeableConcept('occupation', '621610.008495', 'Home nursing services'),
  },
  unknown: {
    job: codeableConcept('dataAbsent', 'unknown', 'Unknown', 'Work not known'),
    industry: codeableConcept('dataAbsent', 'unknown', 'Unknown', 'Not known'),
  },
};

/** Adds the occupation. US Core records the start of the employment in effectivePeriod. */
export function addOccupation(chart: RecordBuilder): void {
  const { works } = chart.scenario.persona;
  if (works === undefined) return;
  const { job, industry } = OCCUPATIONS[works];
  chart.add('Observation', 'occupation', {
    meta: profileMeta('us-core-observation-occupation'),
    status: 'final',
    category: [{ coding: [coding('observationCategory', 'social-history', 'Social History')], text: 'Social History' }],
    code: codeableConcept('loinc', '11341-5', 'History of Occupation', 'Occupation'),
    subject: chart.subject,
    effectivePeriod: { start: toFhirDate(chart.dateAt(6.2)) },
    performer: [chart.subject],
    valueCodeableConcept: job,
    component: [
      {
        code: codeableConcept('loinc', '86188-0', 'History of Occupation Industry', 'Industry'),
        valueCodeableConcept: industry,
      },
    ],
  });
}

const ORIENTATIONS = {
  heterosexual: codeableConcept('snomed', '20430005', 'Heterosexual (finding)', 'Straight'),
  notAnswered: codeableConcept('nullFlavor', 'ASKU', 'asked but unknown', 'Asked, and not answered'),
} as const;

/**
 * Adds the answers to personal questions, such as sexual orientation. They are recorded once, at the latest checkup.
 */
export function addPersonalAnswers(chart: RecordBuilder, visit: ScheduledVisit): void {
  const { orientation, birthSex, age } = chart.scenario.persona;
  if (orientation !== undefined)
    addObservation(chart, visit, 'orientation', {
      profile: 'us-core-observation-sexual-orientation',
      category: 'social-history',
      code: codeableConcept('loinc', '76690-7', 'Sexual orientation'),
      minute: 7,
      elements: { valueCodeableConcept: ORIENTATIONS[orientation] },
    });
  if (birthSex === 'F' && age >= 18 && age < 55 && orientation !== undefined)
    addObservation(chart, visit, 'pregnancy intent', {
      profile: 'us-core-observation-pregnancyintent',
      category: 'social-history',
      code: codeableConcept('loinc', '86645-9', 'Pregnancy intention in the next year - Reported', 'Wish for a child'),
      minute: 7,
      elements: {
        valueCodeableConcept: codeableConcept(
          'snomed',
          '454381000124105',
          'Not sure of desire to become pregnant (finding)',
          'Not sure',
        ),
      },
    });
}
