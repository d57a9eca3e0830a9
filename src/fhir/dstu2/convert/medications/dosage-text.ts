import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import type { FhirJson } from '../conversion-rules.ts';
import { numberText, quantityText } from '../datatypes/amount-text.ts';
import { conceptText } from '../datatypes/coding.ts';
import { unmappedTimingText } from '../datatypes/timing.ts';

interface DosageTextInput {
  readonly dosage: FhirJson;
  /** Text such as "step 1 of 3", if the dosages follow each other. */
  readonly step: string | undefined;
  /** A rate that can't be converted to a Ratio. */
  readonly unsaidRate: unknown;
  /** Number of additional instructions that are already in an element of their own. */
  readonly saidInstructions: number;
}

/** Returns the text of a dosage together with everything that DSTU2 has no element for, one line each. */
export function describeDosage({ dosage, step, unsaidRate, saidInstructions }: DosageTextInput): string | undefined {
  const lines = [
    step,
    nonEmptyText(dosage['text']),
    nonEmptyText(dosage['patientInstruction']),
    unmappedTimingText(dosage['timing']),
    rateWords(unsaidRate),
    ...furtherInstructions(dosage).slice(saidInstructions),
    quantityPhrase('at most ', dosage['maxDosePerAdministration'], ' at a time'),
    quantityPhrase('at most ', dosage['maxDosePerLifetime'], ' in a lifetime'),
  ];
  const distinctLines = lines.filter((line) => line !== undefined).reduce<readonly string[]>(withLine, []);
  return distinctLines.length === 0 ? undefined : distinctLines.join('\n');
}

/** Skips a line that repeats an earlier one. The text often equals the instructions except for a period at the end. */
const withLine = (lines: readonly string[], line: string): readonly string[] =>
  lines.some((one) => normalized(one) === normalized(line)) ? lines : [...lines, line];

const normalized = (line: string): string =>
  line
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[ .]+$/, '')
    .trim();

function quantityPhrase(before: string, quantity: unknown, after = ''): string | undefined {
  const words = quantityText(quantity);
  return words === undefined ? undefined : `${before}${words}${after}`;
}

/** Only with a unit that says per what: "10 drops" is not a rate. */
function rateWords(quantity: unknown): string | undefined {
  const unit = isObject(quantity) ? (nonEmptyText(quantity['unit']) ?? nonEmptyText(quantity['code'])) : undefined;
  return unit?.includes('/') ? quantityPhrase('at a rate of ', quantity) : undefined;
}

const furtherInstructions = (dosage: FhirJson): readonly (string | undefined)[] =>
  objectsIn(dosage['additionalInstruction'])
    .map(conceptText)
    .filter((words) => words !== undefined);

/**
 * FHIR R4, Dosage.sequence: dosages with different numbers follow each other, those with the same number apply
 * together. DSTU2 has no sequence numbers, and without the text the steps would add up to one dose.
 */
export function dosageStepLabels(dosages: readonly FhirJson[]): readonly (string | undefined)[] {
  const numbers = dosages
    .map((dosage) => numberText(dosage['sequence']))
    .map((one) => (one === undefined ? one : Number(one)));
  const order = [...new Set(numbers)].filter((one) => one !== undefined).toSorted((one, other) => one - other);
  return numbers.map((one) =>
    one === undefined || order.length < 2 ? undefined : `step ${order.indexOf(one) + 1} of ${order.length}`,
  );
}
