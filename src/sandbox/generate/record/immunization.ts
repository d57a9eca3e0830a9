import { atHour, dateText, timeText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { conceptOf, profiled, quantity } from '../codes/coding.ts';
import { vaccineConcept, vaccineRoute } from '../codes/vaccines.ts';
import type { Shot } from '../life.ts';

/** Vaccines given here or elsewhere, and those that were declined. */
export function recordShots(chart: Chart, visits: readonly Visit[]): void {
  const dice = chart.dice.fork('lots');
  for (const shot of chart.life.immunizations) {
    const day = dateText(chart.moment(shot.at));
    const visit = shot.elsewhere === true ? undefined : visits.find((each) => Math.abs(each.ago - shot.at) < 0.012);
    const lot = `${String.fromCharCode(65 + dice.whole(0, 25))}${dice.whole(1000, 9999)}SB`;
    chart.add('Immunization', `${shot.vaccine} ${day}`, body(chart, shot, visit, lot), visit);
  }
}

function body(chart: Chart, shot: Shot, visit: Visit | undefined, lot: string): Record<string, unknown> {
  const given = visit?.start ?? atHour(chart.moment(shot.at), 10);
  return {
    meta: profiled('us-core-immunization'),
    status: shot.refused === true ? 'not-done' : 'completed',
    ...(shot.refused === true
      ? { statusReason: conceptOf('actReason', 'PATOBJ', 'patient objection', 'Declined') }
      : {}),
    vaccineCode: vaccineConcept(shot.vaccine),
    patient: chart.subject,
    ...(visit === undefined ? {} : { encounter: visit.encounter }),
    occurrenceDateTime: timeText(given),
    primarySource: shot.elsewhere !== true,
    ...(shot.refused === true ? {} : details(chart, shot, lot)),
  };
}

function details(chart: Chart, shot: Shot, lot: string): Record<string, unknown> {
  if (shot.elsewhere === true) return { reportOrigin: { text: 'State immunization registry' } };
  return {
    location: chart.directory.location('clinic'),
    lotNumber: lot,
    route: vaccineRoute(shot.vaccine),
    doseQuantity: quantity(shot.vaccine === 'rotavirus' ? 1.5 : 0.5, 'mL'),
    performer: [{ actor: chart.directory.practitioner(chart.life.persona.doctor) }],
  };
}
