import { addDays, dateText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { conceptOf } from '../codes/coding.ts';
import { recordFinding } from './observation.ts';

const SMOKING = {
  never: conceptOf('snomed', '266919005', 'Never smoked tobacco (finding)', 'Never smoker'),
  former: conceptOf('snomed', '8517006', 'Ex-smoker (finding)', 'Former smoker'),
  daily: conceptOf('snomed', '449868002', 'Smokes tobacco daily (finding)', 'Smokes every day'),
} as const;

export function recordSmoking(chart: Chart, visit: Visit): void {
  recordFinding(chart, visit, 'smoking', {
    profile: 'us-core-smokingstatus',
    category: 'social-history',
    code: conceptOf('loinc', '72166-2', 'Tobacco smoking status', 'Smoking status'),
    minute: 6,
    found: { valueCodeableConcept: SMOKING[chart.life.persona.smoking ?? 'never'] },
  });
}

/** Pregnancy status and due date: 40 weeks after the last menstrual period. */
export function recordPregnancy(chart: Chart, visit: Visit): void {
  const pregnancy = chart.life.problems.find((problem) => problem.key === 'pregnancy');
  const pregnant = pregnancy !== undefined && pregnancy.onset >= visit.ago;
  recordFinding(chart, visit, 'pregnancy', {
    profile: 'us-core-observation-pregnancystatus',
    category: 'social-history',
    code: conceptOf('loinc', '82810-3', 'Pregnancy status'),
    minute: 5,
    found: {
      valueCodeableConcept: pregnant
        ? conceptOf('snomed', '77386006', 'Pregnancy (finding)', 'Pregnant')
        : conceptOf('snomed', '60001007', 'Not pregnant (finding)', 'Not pregnant'),
    },
  });
  if (!pregnant) return;
  recordFinding(chart, visit, 'delivery', {
    profile: 'us-core-simple-observation',
    category: 'social-history',
    code: conceptOf('loinc', '11778-8', 'Delivery date Estimated', 'Due date'),
    minute: 5,
    found: { valueDateTime: dateText(addDays(chart.moment(pregnancy.onset), 280)) },
  });
}
