import { coding, profileMeta } from '../../../codes/coding.ts';
import type { SandboxReference } from '../../../directory/directory.ts';
import { addDays, toFhirDateTime } from '../../../scenarios/calendar.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';

const FIRST = { coding: [coding('actCode', 'FFC', 'First Fill - Complete')] };
const REFILL = { coding: [coding('actCode', 'RFC', 'Refill - Complete')] };

interface DispensedOrder {
  readonly request: SandboxReference;
  readonly key: string;
  readonly authored: Date;
  readonly medication: Readonly<Record<string, unknown>>;
  readonly quantity: object;
  readonly dosage: object;
  readonly labels: object;
  readonly visit: ScheduledVisit | undefined;
}

/** Adds two dispenses for an order: one on the day after the order, and a refill 90 days later. */
export function addDispenses(
  chart: RecordBuilder,
  { request, key, authored, medication, quantity, dosage, labels, visit }: DispensedOrder,
): void {
  [FIRST, REFILL].forEach((type, index) => {
    const handed = addDays(authored, index * 90 + 1);
    if (handed >= chart.scenario.epoch) return;
    chart.add('MedicationDispense', `${key} fill ${index}`, {
      meta: { ...profileMeta('us-core-medicationdispense'), ...labels },
      status: 'completed',
      ...medication,
      subject: chart.subject,
      ...(visit === undefined ? {} : { context: visit.encounter }),
      performer: [
        { actor: chart.directory.practitioner('pharmacist') },
        { actor: chart.directory.organization('pharmacy') },
      ],
      authorizingPrescription: [request],
      type,
      quantity,
      whenHandedOver: toFhirDateTime(handed),
      dosageInstruction: [dosage],
    });
  });
}
