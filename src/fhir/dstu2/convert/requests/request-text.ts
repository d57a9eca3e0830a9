import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import type { FhirJson } from '../conversion-rules.ts';
import { quantityText, rangeText } from '../datatypes/amount-text.ts';
import { conceptText } from '../datatypes/coding.ts';
import { labelled, periodText } from '../datatypes/narrative.ts';
import { repeatText } from '../datatypes/timing-text.ts';

/** Functions that describe an element of a ServiceRequest in words, if the DSTU2 type has no element for it. */
const PART_TEXTS = {
  amount: (from: FhirJson) => labelled('Amount', amountText(from)),
  details: (from: FhirJson) => labelled('Details', joinTexts(objectsIn(from['orderDetail']).map(conceptText))),
  time: (from: FhirJson) => labelled('To be done', timeText(from)),
  asNeeded: (from: FhirJson) => asNeededText(from),
  instruction: (from: FhirJson) => labelled('For the patient', nonEmptyText(from['patientInstruction'])),
};

/** Describes the named elements of a ServiceRequest, one line each. Returns undefined if none of them is present. */
export function requestText(from: FhirJson, ...parts: readonly (keyof typeof PART_TEXTS)[]): string | undefined {
  const lines = parts.map((part) => PART_TEXTS[part](from)).filter((line) => line !== undefined);
  return lines.length === 0 ? undefined : lines.join('\n');
}

function amountText({ quantityQuantity, quantityRange, quantityRatio: ratio }: FhirJson): string | undefined {
  const [numerator, denominator] = isObject(ratio)
    ? [quantityText(ratio['numerator']), quantityText(ratio['denominator'])]
    : [];
  const rate = numerator === undefined || denominator === undefined ? undefined : `${numerator} per ${denominator}`;
  return quantityText(quantityQuantity) ?? rangeText(quantityRange) ?? rate;
}

function timeText({ occurrenceDateTime, occurrencePeriod, occurrenceTiming: timing }: FhirJson): string | undefined {
  const repeat = isObject(timing) && isObject(timing['repeat']) ? repeatText(timing['repeat']) : undefined;
  return nonEmptyText(occurrenceDateTime) ?? periodText(occurrencePeriod) ?? repeat;
}

function asNeededText({ asNeededBoolean, asNeededCodeableConcept: reason }: FhirJson): string | undefined {
  const words = isObject(reason) ? conceptText(reason) : undefined;
  return words === undefined ? (asNeededBoolean === true ? 'As needed' : undefined) : `As needed: ${words}`;
}

const joinTexts = (words: readonly (string | undefined)[]): string | undefined =>
  words.length === 0 ? undefined : words.filter((one) => one !== undefined).join(', ') || undefined;
