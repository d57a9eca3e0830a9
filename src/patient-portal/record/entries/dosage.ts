import { elementsAt } from '../../../fhir/index.ts';
import { isObject } from '../../../kernel/index.ts';
import { joinTexts, type ResourceReader, toNumber } from '../resource-reader.ts';

/**
 * Formats how a medicine is taken, from the dosages of a MedicationRequest or MedicationStatement. The prescriber's own
 * words come first. Without them, the text has the dose, route and timing that the record has. FHIR R4 Dosage.
 */
export function formatDosages(resource: unknown, reader: ResourceReader): string | undefined {
  const dosages = [...elementsAt(resource, 'dosageInstruction'), ...elementsAt(resource, 'dosage')];
  return joinTexts(
    dosages.map((dosage) => formatDosage(dosage, reader)),
    { joint: '; ' },
  );
}

function formatDosage(dosage: unknown, reader: ResourceReader): string | undefined {
  const { text } = reader;
  const written = text(dosage, 'text') ?? formatStructuredDosage(dosage, reader);
  return joinTexts([written, text(dosage, 'patientInstruction')], { joint: '. ' });
}

function formatStructuredDosage(dosage: unknown, reader: ResourceReader): string | undefined {
  const { concepts, quantity, messages } = reader;
  const [amount] = elementsAt(dosage, 'doseAndRate.doseQuantity').map(quantity);
  const [low] = elementsAt(dosage, 'doseAndRate.doseRange.low').map(quantity);
  const [high] = elementsAt(dosage, 'doseAndRate.doseRange.high').map(quantity);
  const dose = amount ?? (low === undefined || high === undefined ? undefined : messages.chart.between(low, high));
  const reason = concepts(dosage, 'asNeededCodeableConcept');
  const isAsNeeded = elementsAt(dosage, 'asNeededBoolean').includes(true) || reason !== undefined;
  return joinTexts([
    dose === undefined ? undefined : messages.dosage.dose(dose),
    concepts(dosage, 'route'),
    concepts(dosage, 'timing.code') ?? formatTiming(dosage, messages.dosage),
    isAsNeeded ? messages.dosage.asNeeded : undefined,
    reason,
    concepts(dosage, 'additionalInstruction'),
  ]);
}

/** Elements of Timing.repeat that the text states, and the bounds, which don't change a single dose. */
const STATED_ELEMENTS = [
  'frequency',
  'period',
  'periodMax',
  'periodUnit',
  'boundsPeriod',
  'boundsDuration',
  'boundsRange',
];

/**
 * Formats how often a dose is taken. A timing with further elements, such as times of day, would be wrong without them,
 * so the text then refers to the record.
 */
function formatTiming(dosage: unknown, w: ResourceReader['messages']['dosage']): string | undefined {
  const [repeat] = elementsAt(dosage, 'timing.repeat');
  if (!isObject(repeat)) return undefined;
  const [times, period] = [toNumber(repeat['frequency']), toNumber(repeat['period'])];
  const unit = repeat['periodUnit'];
  const isStated = Object.keys(repeat).every((name) => STATED_ELEMENTS.includes(name));
  return !isStated || times === undefined || period === undefined || typeof unit !== 'string'
    ? w.moreDirections
    : w.timing(times, period, unit, toNumber(repeat['periodMax']));
}
