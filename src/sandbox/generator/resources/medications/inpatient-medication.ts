import { quantity } from '../../../codes/coding.ts';
import { medicineConcept } from '../../../codes/medicines.ts';
import { addMinutes, toFhirDateTime } from '../../../scenarios/calendar.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';

/**
 * A medication administered on the first day of a hospital stay, and the home medication that the patient reported to
 * the ward.
 */
export function addInpatientMedications(chart: RecordBuilder, visits: readonly ScheduledVisit[]): void {
  const stay = visits.find(({ plan }) => plan.kind === 'hospital');
  if (stay === undefined) return;
  const administered = addMinutes(stay.start, 95);
  chart.add(
    'MedicationAdministration',
    `ward ${stay.key}`,
    {
      status: 'completed',
      medicationCodeableConcept: medicineConcept('acetaminophen'),
      subject: chart.subject,
      context: stay.encounter,
      effectiveDateTime: toFhirDateTime(administered),
      performer: [{ actor: chart.directory.practitioner(stay.plan.by) }],
      dosage: { text: '2 tablets by mouth', dose: quantity(2, '{tbl}', 'tablet') },
    },
    stay,
  );
  chart.add(
    'MedicationStatement',
    `home ${stay.key}`,
    {
      status: 'active',
      medicationCodeableConcept: medicineConcept('ibuprofen'),
      subject: chart.subject,
      context: stay.encounter,
      effectiveDateTime: toFhirDateTime(stay.start).slice(0, 10),
      dateAsserted: toFhirDateTime(addMinutes(stay.start, 30)),
      informationSource: chart.subject,
      dosage: [{ text: '1 tablet for pain, a few times a month' }],
    },
    stay,
  );
}
