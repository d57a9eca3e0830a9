import { codeableConcept, profileMeta, quantity } from '../../../codes/coding.ts';
import { vaccineConcept, vaccineRoute } from '../../../codes/vaccines.ts';
import { atHour, toFhirDate, toFhirDateTime } from '../../../scenarios/calendar.ts';
import type { ImmunizationPlan } from '../../../scenarios/scenario.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';

/** Adds the Immunizations: vaccines given at the practice or elsewhere, and vaccines that were declined. */
export function addImmunizations(chart: RecordBuilder, visits: readonly ScheduledVisit[]): void {
  const dice = chart.random.fork('lots');
  for (const shot of chart.scenario.immunizations) {
    const day = toFhirDate(chart.dateAt(shot.at));
    const visit = shot.elsewhere === true ? undefined : visits.find((each) => Math.abs(each.ago - shot.at) < 0.012);
    const lot = `${String.fromCharCode(65 + dice.integer(0, 25))}${dice.integer(1000, 9999)}SB`;
    chart.add('Immunization', `${shot.vaccine} ${day}`, body(chart, shot, visit, lot), visit);
  }
}

function body(
  chart: RecordBuilder,
  shot: ImmunizationPlan,
  visit: ScheduledVisit | undefined,
  lot: string,
): Record<string, unknown> {
  const given = visit?.start ?? atHour(chart.dateAt(shot.at), 10);
  return {
    meta: profileMeta('us-core-immunization'),
    status: shot.refused === true ? 'not-done' : 'completed',
    ...(shot.refused === true
      ? { statusReason: codeableConcept('actReason', 'PATOBJ', 'patient objection', 'Declined') }
      : {}),
    vaccineCode: vaccineConcept(shot.vaccine),
    patient: chart.subject,
    ...(visit === undefined ? {} : { encounter: visit.encounter }),
    occurrenceDateTime: toFhirDateTime(given),
    primarySource: shot.elsewhere !== true,
    ...(shot.refused === true ? {} : details(chart, shot, lot)),
  };
}

function details(chart: RecordBuilder, shot: ImmunizationPlan, lot: string): Record<string, unknown> {
  if (shot.elsewhere === true) return { reportOrigin: { text: 'State immunization registry' } };
  return {
    location: chart.directory.location('clinic'),
    lotNumber: lot,
    route: vaccineRoute(shot.vaccine),
    doseQuantity: quantity(shot.vaccine === 'rotavirus' ? 1.5 : 0.5, 'mL'),
    performer: [{ actor: chart.directory.practitioner(chart.scenario.persona.doctor) }],
  };
}
