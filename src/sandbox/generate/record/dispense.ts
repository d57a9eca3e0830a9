import { addDays, timeText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { coding, profiled } from '../codes/coding.ts';
import type { Reference } from '../directory/directory.ts';

const FIRST = { coding: [coding('actCode', 'FFC', 'First Fill - Complete')] };
const REFILL = { coding: [coding('actCode', 'RFC', 'Refill - Complete')] };

interface Order {
  readonly request: Reference;
  readonly key: string;
  readonly authored: Date;
  readonly medication: Readonly<Record<string, unknown>>;
  readonly quantity: object;
  readonly dosage: object;
  readonly labels: object;
  readonly visit: Visit | undefined;
}

/** Two dispenses for an order: the day after it, and a refill 90 days later. */
export function recordDispenses(
  chart: Chart,
  { request, key, authored, medication, quantity, dosage, labels, visit }: Order,
): void {
  [FIRST, REFILL].forEach((type, index) => {
    const handed = addDays(authored, index * 90 + 1);
    if (handed >= chart.life.epoch) return;
    chart.add('MedicationDispense', `${key} fill ${index}`, {
      meta: { ...profiled('us-core-medicationdispense'), ...labels },
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
      whenHandedOver: timeText(handed),
      dosageInstruction: [dosage],
    });
  });
}
