import { codeableConcept, quantity, roundTo } from '../../../codes/coding.ts';
import { VITALS } from '../../../codes/vital-signs.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import { addObservation } from './observation.ts';

/**
 * At the first checkup of some records a weight was entered in pounds and then marked entered-in-error. Apps must not
 * show it.
 */
export function addEnteredInError(chart: RecordBuilder, visits: readonly ScheduledVisit[]): void {
  const visit = visits.find((each) => each.plan.kind === 'checkup');
  if (visit === undefined || chart.scenario.persona.mistake !== true) return;
  const { loinc, display, plain, ucum, unit, profile } = VITALS.weight;
  addObservation(chart, visit, 'weight in pounds', {
    profile,
    category: 'vital-signs',
    code: codeableConcept('loinc', loinc, display, plain),
    minute: 3,
    status: 'entered-in-error',
    elements: {
      valueQuantity: quantity(roundTo(chart.scenario.persona.weightKg * 2.2046, 1), ucum, unit),
      note: [{ text: 'Pounds were entered as kilograms.' }],
    },
  });
}
