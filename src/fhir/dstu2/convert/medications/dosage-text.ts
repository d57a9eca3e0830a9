import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import type { FhirJson } from '../conversion-rules.ts';
import { numberText, quantityText } from '../datatypes/amount-text.ts';
import { conceptText } from '../datatypes/coding.ts';
import { unmappedTimingText } from '../datatypes/timing.ts';

interface DosageTextInput {
  readonly dosage: FhirJson;
  /** Text such as "step 1 of 3" if the dosages follow each other; undefined if they don't. */
  readonly step: string | undefined;
  /** Rate that can't be converted to a Ratio and therefore appears in the text. */
  readonly unsaidRate: unknown;
  /** Number of additional instructions that DSTU2 shows in an element of their own. They are left out of the text. */
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

/**
 * Adds a line unless an earlier line says the same. The text of a dosage often equals its instructions except for a
 * period at the end.
 */
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

/** Returns a rate in words. Returns undefined unless the unit has a slash, as in mL/h: "10 drops" is not a rate. */
function rateWords(quantity: unknown): string | undefined {
  const unit = isObject(quantity) ? (nonEmptyText(quantity['unit']) ?? nonEmptyText(quantity['code'])) : undefined;
  return unit?.includes('/') ? quantityPhrase('at a rate of ', quantity) : undefined;
}

const furtherInstructions = (dosage: FhirJson): readonly (string | undefined)[] =>
  objectsIn(dosage['additionalInstruction'])
    .map(conceptText)
    .filter((words) => words !== undefined);

/**
 * Returns a label such as "step 1 of 3" for each dosage. FHIR R4, Dosage.sequence: dosages with different numbers
 * follow each other, and those with the same number apply together. DSTU2 has no sequence numbers, and without the
 * label the steps would add up to one dose.
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
