import { codeableConcept } from '../../../codes/coding.ts';
import { visitKind } from '../../../codes/visits.ts';
import { addDays, addMinutes, atHour } from '../../../scenarios/calendar.ts';
import type { RecordBuilder } from '../../record-builder.ts';

/**
 * Adds an appointment for the next checkup if the patient has regular checkups. Appointments use FHIR instants in UTC.
 */
export function addAppointment(chart: RecordBuilder): void {
  const { persona, visits } = chart.scenario;
  if (persona.died !== undefined || !visits.some(({ kind }) => kind === 'checkup' || kind === 'wellChild')) return;
  const start = atHour(addDays(chart.scenario.epoch, 16 + (persona.family.length % 7)), 10);
  chart.add('Appointment', 'next', {
    status: 'booked',
    serviceType: [visitKind('followUp').type],
    appointmentType: codeableConcept(
      'appointmentType',
      'FOLLOWUP',
      'A follow up visit from a previous appointment',
      'Follow-up',
    ),
    description: 'Follow-up visit',
    start: start.toISOString(),
    end: addMinutes(start, 20).toISOString(),
    participant: [
      { actor: chart.subject, required: 'required', status: 'accepted' },
      { actor: chart.directory.practitioner(persona.doctor), required: 'required', status: 'accepted' },
      { actor: chart.directory.location('clinic'), required: 'required', status: 'accepted' },
    ],
  });
}
