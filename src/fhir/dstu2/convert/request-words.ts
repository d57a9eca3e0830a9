import { quantityWords, rangeWords } from './amount-words.ts';
import { wordsOf } from './coding.ts';
import { isObject, type Json, objectsIn, textOf } from './element.ts';
import { labelled, periodWords } from './narrative.ts';
import { repeatWords } from './timing-words.ts';

/** What may be told of a request in words, where its DSTU2 form has no element for it. */
const WORDS = {
  amount: (from: Json) => labelled('Amount', amountOf(from)),
  details: (from: Json) => labelled('Details', list(objectsIn(from['orderDetail']).map(wordsOf))),
  time: (from: Json) => labelled('To be done', timeOf(from)),
  asNeeded: (from: Json) => asNeededOf(from),
  instruction: (from: Json) => labelled('For the patient', textOf(from['patientInstruction'])),
};

/** Line by line; undefined: there is nothing of it. */
export function requestWords(from: Json, ...parts: readonly (keyof typeof WORDS)[]): string | undefined {
  const lines = parts.map((part) => WORDS[part](from)).filter((line) => line !== undefined);
  return lines.length === 0 ? undefined : lines.join('\n');
}

function amountOf({ quantityQuantity, quantityRange, quantityRatio: ratio }: Json): string | undefined {
  const [over, under] = isObject(ratio) ? [quantityWords(ratio['numerator']), quantityWords(ratio['denominator'])] : [];
  const rate = over === undefined || under === undefined ? undefined : `${over} per ${under}`;
  return quantityWords(quantityQuantity) ?? rangeWords(quantityRange) ?? rate;
}

function timeOf({ occurrenceDateTime, occurrencePeriod, occurrenceTiming: timing }: Json): string | undefined {
  const repeat = isObject(timing) && isObject(timing['repeat']) ? repeatWords(timing['repeat']) : undefined;
  return textOf(occurrenceDateTime) ?? periodWords(occurrencePeriod) ?? repeat;
}

function asNeededOf({ asNeededBoolean, asNeededCodeableConcept: reason }: Json): string | undefined {
  const words = isObject(reason) ? wordsOf(reason) : undefined;
  return words === undefined ? (asNeededBoolean === true ? 'As needed' : undefined) : `As needed: ${words}`;
}

const list = (words: readonly (string | undefined)[]): string | undefined =>
  words.length === 0 ? undefined : words.filter((one) => one !== undefined).join(', ') || undefined;
