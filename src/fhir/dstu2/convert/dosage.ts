import { concept } from './coding.ts';
import { quantity, range, ratio } from './datatypes.ts';
import {
  apply,
  type Convert,
  dropped,
  firstOf,
  isObject,
  type Json,
  kept,
  objectsIn,
  of,
  partialRules,
  type Rule,
  shape,
  textOf,
} from './element.ts';
import { timing } from './timing.ts';

/** What the patient was told has no element of its own. */
const text: Rule = (from, _name, into, context) => {
  kept(from, 'text', into, context);
  const both = [from['text'], from['patientInstruction']].map(textOf).filter((part) => part !== undefined);
  if (both.length > 0) into['text'] = both.join('\n');
};

/** 10 mL/h is in DSTU2 a Ratio of 10 mL to 1 h. undefined: its unit is not one thing for each other thing. */
const rate: Convert = (value, context) => {
  const made = quantity(value, context);
  if (!isObject(made)) return undefined;
  const [unit, code] = [made['unit'], made['code']].map(partsOf);
  if (unit === null || code === null || (unit === undefined && code === undefined)) return undefined;
  const { value: amount, comparator, system } = made;
  const side = (index: 0 | 1) => ({ unit: unit?.[index], system: code && system, code: code?.[index] });
  return { numerator: given({ value: amount, comparator, ...side(0) }), denominator: given({ value: 1, ...side(1) }) };
};

/** undefined: there is no unit; null: one that can't be parted. */
function partsOf(unit: unknown): readonly [string, string] | null | undefined {
  if (unit === undefined) return undefined;
  const [over, under, ...more] = String(unit).split('/');
  return over && under && more.length === 0 ? [over, under] : null;
}

const given = (parts: Json): Json => Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));

const doseAndRate = partialRules({
  type: dropped,
  doseRange: of(range),
  doseQuantity: of(quantity),
  rateRatio: of(ratio),
  rateRange: of(range),
  rateQuantity: of(rate, 'rateRatio'),
});

/** One dose and one rate: the first. */
const firstDose: Rule = (from, name, into, context) => {
  const [first] = objectsIn(from[name]);
  if (first !== undefined) apply(doseAndRate, first, into, context);
};

/** R4's Dosage as MedicationOrder.dosageInstruction. */
export const dosageInstruction: Convert = shape({
  sequence: dropped,
  text,
  additionalInstruction: firstOf(concept, 'additionalInstructions'),
  patientInstruction: text,
  timing: of(timing),
  asNeededBoolean: kept,
  asNeededCodeableConcept: of(concept),
  site: of(concept, 'siteCodeableConcept'),
  route: of(concept),
  method: of(concept),
  doseAndRate: firstDose,
  maxDosePerPeriod: of(ratio),
  maxDosePerAdministration: dropped,
  maxDosePerLifetime: dropped,
});
