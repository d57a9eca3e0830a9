import { numberIn, quantityWords } from './amount-words.ts';
import { wordsOf } from './coding.ts';
import { isObject, type Json, objectsIn, textOf } from './element.ts';
import { unsaidTiming } from './timing.ts';

interface Told {
  readonly dosage: Json;
  /** Its place among dosages that follow each other. */
  readonly step: string | undefined;
  /** A rate that is no Ratio. */
  readonly unsaidRate: unknown;
  /** Further instructions that have an element. */
  readonly saidInstructions: number;
}

/** The text of a dosage, and in words what DSTU2 has no element for. */
export function dosageText({ dosage, step, unsaidRate, saidInstructions }: Told): string | undefined {
  const lines = [
    step,
    textOf(dosage['text']),
    textOf(dosage['patientInstruction']),
    unsaidTiming(dosage['timing']),
    rateWords(unsaidRate),
    ...furtherInstructions(dosage).slice(saidInstructions),
    around('at most ', dosage['maxDosePerAdministration'], ' at a time'),
    around('at most ', dosage['maxDosePerLifetime'], ' in a lifetime'),
  ];
  const told = lines.filter((line) => line !== undefined).reduce<readonly string[]>(withLine, []);
  return told.length === 0 ? undefined : told.join('\n');
}

/** What a line says already is not said again: a text often is what its instructions are, but for a full stop. */
const withLine = (lines: readonly string[], line: string): readonly string[] =>
  lines.some((one) => bare(one) === bare(line)) ? lines : [...lines, line];

const bare = (line: string): string =>
  line
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[ .]+$/, '')
    .trim();

function around(before: string, quantity: unknown, after = ''): string | undefined {
  const words = quantityWords(quantity);
  return words === undefined ? undefined : `${before}${words}${after}`;
}

/** Only with a unit that tells per what: 10 drops are no rate. */
function rateWords(quantity: unknown): string | undefined {
  const unit = isObject(quantity) ? (textOf(quantity['unit']) ?? textOf(quantity['code'])) : undefined;
  return unit?.includes('/') ? around('at a rate of ', quantity) : undefined;
}

const furtherInstructions = (dosage: Json): readonly (string | undefined)[] =>
  objectsIn(dosage['additionalInstruction'])
    .map(wordsOf)
    .filter((words) => words !== undefined);

/**
 * FHIR R4, Dosage.sequence: other numbers follow each other, the same are taken together. DSTU2 has no numbers, and the
 * steps of a plan would add up to one dose.
 */
export function stepsOf(dosages: readonly Json[]): readonly (string | undefined)[] {
  const numbers = dosages
    .map((dosage) => numberIn(dosage['sequence']))
    .map((one) => (one === undefined ? one : Number(one)));
  const order = [...new Set(numbers)].filter((one) => one !== undefined).toSorted((one, other) => one - other);
  return numbers.map((one) =>
    one === undefined || order.length < 2 ? undefined : `step ${order.indexOf(one) + 1} of ${order.length}`,
  );
}
