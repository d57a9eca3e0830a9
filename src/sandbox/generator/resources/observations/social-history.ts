import { codeableConcept } from '../../../codes/coding.ts';
import { addDays, toFhirDate } from '../../../scenarios/calendar.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import { addObservation } from './observation.ts';

const SMOKING = {
  never: codeableConcept('snomed', '266919005', 'Never smoked tobacco (finding)', 'Never smoker'),
  former: codeableConcept('snomed', '8517006', 'Ex-smoker (finding)', 'Former smoker'),
  daily: codeableConcept('snomed', '449868002', 'Smokes tobacco daily (finding)', 'Smokes every day'),
} as const;

export function addSmoking(chart: RecordBuilder, visit: ScheduledVisit): void {
  addObservation(chart, visit, 'smoking', {
    profile: 'us-core-smokingstatus',
    category: 'social-history',
    code: codeableConcept('loinc', '72166-2', 'Tobacco smoking status', 'Smoking status'),
    minute: 6,
    elements: { valueCodeableConcept: SMOKING[chart.scenario.persona.smoking ?? 'never'] },
  });
}

/** Adds the pregnancy status and the due date, which is 40 weeks after the last menstrual period. */
export function addPregnancy(chart: RecordBuilder, visit: ScheduledVisit): void {
  const pregnancy = chart.scenario.problems.find((problem) => problem.key === 'pregnancy');
  const pregnant = pregnancy !== undefined && pregnancy.onset >= visit.ago;
  addObservation(chart, visit, 'pregnancy', {
    profile: 'us-core-observation-pregnancystatus',
    category: 'social-history',
    code: codeableConcept('loinc', '82810-3', 'Pregnancy status'),
    minute: 5,
    elements: {
      valueCodeableConcept: pregnant
        ? codeableConcept('snomed', '77386006', 'Pregnancy (finding)', 'Pregnant')
        : codeableConcept('snomed', '60001007', 'Not pregnant (finding)', 'Not pregnant'),
    },
  });
  if (!pregnant) return;
  addObservation(chart, visit, 'delivery', {
    profile: 'us-core-simple-observation',
    category: 'social-history',
    code: codeableConcept('loinc', '11778-8', 'Delivery date Estimated', 'Due date'),
    minute: 5,
    elements: { valueDateTime: toFhirDate(addDays(chart.dateAt(pregnancy.onset), 280)) },
  });
}
