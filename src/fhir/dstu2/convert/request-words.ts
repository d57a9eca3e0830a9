import { quantityWords, rangeWords } from './amount-words.ts';
import { wordsOf } from './coding.ts';
import { isObject, type Json, objectsIn, textOf } from './element.ts';
import { labelled, periodWords } from './narrative.ts';
import { repeatWords } from './timing-words.ts';

/** Parts of a request that can be added as text if the DSTU2 type has no element for them. */
const PART_TEXTS = {
  amount: (from: Json) => labelled('Amount', amountText(from)),
  details: (from: Json) => labelled('Details', joinTexts(objectsIn(from['orderDetail']).map(wordsOf))),
  time: (from: Json) => labelled('To be done', timeText(from)),
  asNeeded: (from: Json) => asNeededText(from),
  instruction: (from: Json) => labelled('For the patient', textOf(from['patientInstruction'])),
};

/** Returns the requested parts, one line each; undefined if none of them is present. */
export function requestWords(from: Json, ...parts: readonly (keyof typeof PART_TEXTS)[]): string | undefined {
  const lines = parts.map((part) => PART_TEXTS[part](from)).filter((line) => line !== undefined);
  return lines.length === 0 ? undefined : lines.join('\n');
}

function amountText({ quantityQuantity, quantityRange, quantityRatio: ratio }: Json): string | undefined {
  const [over, under] = isObject(ratio) ? [quantityWords(ratio['numerator']), quantityWords(ratio['denominator'])] : [];
  const rate = over === undefined || under === undefined ? undefined : `${over} per ${under}`;
  return quantityWords(quantityQuantity) ?? rangeWords(quantityRange) ?? rate;
}

function timeText({ occurrenceDateTime, occurrencePeriod, occurrenceTiming: timing }: Json): string | undefined {
  const repeat = isObject(timing) && isObject(timing['repeat']) ? repeatWords(timing['repeat']) : undefined;
  return textOf(occurrenceDateTime) ?? periodWords(occurrencePeriod) ?? repeat;
}

function asNeededText({ asNeededBoolean, asNeededCodeableConcept: reason }: Json): string | undefined {
  const words = isObject(reason) ? wordsOf(reason) : undefined;
  return words === undefined ? (asNeededBoolean === true ? 'As needed' : undefined) : `As needed: ${words}`;
}

const joinTexts = (words: readonly (string | undefined)[]): string | undefined =>
  words.length === 0 ? undefined : words.filter((one) => one !== undefined).join(', ') || undefined;
