import type { Chart, Visit } from '../chart.ts';
import { conceptOf, quantity, rounded } from '../codes/coding.ts';
import { VITALS } from '../codes/vital-signs.ts';
import { recordFinding } from './observation.ts';

/**
 * At the first checkup of some records a weight was entered in pounds and then marked entered-in-error. Apps must not
 * show it.
 */
export function recordMistake(chart: Chart, visits: readonly Visit[]): void {
  const visit = visits.find((each) => each.plan.kind === 'checkup');
  if (visit === undefined || chart.life.persona.mistake !== true) return;
  const { loinc, display, plain, ucum, unit, profile } = VITALS.weight;
  recordFinding(chart, visit, 'weight in pounds', {
    profile,
    category: 'vital-signs',
    code: conceptOf('loinc', loinc, display, plain),
    minute: 3,
    status: 'entered-in-error',
    found: {
      valueQuantity: quantity(rounded(chart.life.persona.weightKg * 2.2046, 1), ucum, unit),
      note: [{ text: 'Pounds were entered as kilograms.' }],
    },
  });
}
