import { concept, hasCoding } from './coding.ts';
import { quantity, range, ratio } from './datatypes.ts';
import { dosageText, stepsOf } from './dosage-text.ts';
import {
  apply,
  type Convert,
  isObject,
  type Json,
  kept,
  likeParts,
  objectsIn,
  of,
  oneOf,
  partialRules,
  partly,
  type Rule,
  readElsewhere,
  shape,
} from './element.ts';
import { timingInPart } from './timing.ts';

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

/** @param dose what the dose is called: `dose`, `quantity` */
const doseAndRate = (dose: string) =>
  partialRules({
    type: readElsewhere,
    doseRange: of(range, `${dose}Range`),
    doseQuantity: of(quantity, `${dose}Quantity`),
    rateRatio: of(ratio),
    rateRange: of(range),
    rateQuantity: of(rate, 'rateRatio'),
  });

const DOSE_TYPE = 'http://terminology.hl7.org/CodeSystem/dose-rate-type';
/** One dose and one rate: what was ordered goes before what was calculated for it; else the first. */
function chosenDose(dosage: Json): Json | undefined {
  const all = objectsIn(dosage['doseAndRate']);
  return all.find((one) => hasCoding(one['type'], DOSE_TYPE, 'ordered')) ?? all[0];
}

interface Place {
  readonly dose: string;
  /** Whether there is an element for one further instruction. */
  readonly hasInstruction: boolean;
}

function partsIn({ dose, hasInstruction }: Place): Convert {
  const doses = doseAndRate(dose);
  return shape({
    sequence: readElsewhere,
    text: kept,
    additionalInstruction: hasInstruction ? oneOf(concept, 'additionalInstructions') : readElsewhere,
    patientInstruction: readElsewhere,
    timing: of(timingInPart),
    asNeededBoolean: kept,
    asNeededCodeableConcept: of(concept),
    site: of(concept, 'siteCodeableConcept'),
    route: of(concept),
    method: of(concept),
    doseAndRate: partly((from, _name, into, context) => {
      const chosen = chosenDose(from);
      if (chosen !== undefined) apply(doses, chosen, into, context);
    }),
    maxDosePerPeriod: of(ratio),
    maxDosePerAdministration: readElsewhere,
    maxDosePerLifetime: readElsewhere,
  });
}

/** R4's Dosages. What has no element of its own there is told in the text. @param to the element's name */
function dosages(to: string, place: Place): Rule {
  const parts = partsIn(place);
  return likeParts(parts, (from, name, into, context) => {
    const all = objectsIn(from[name]);
    const steps = stepsOf(all);
    const made = all.flatMap((dosage, at) => {
      const own = parts(dosage, context);
      const rateQuantity = chosenDose(dosage)?.['rateQuantity'];
      const unsaidRate = rate(rateQuantity, context) === undefined ? rateQuantity : undefined;
      const text = dosageText({ dosage, step: steps[at], unsaidRate, saidInstructions: place.hasInstruction ? 1 : 0 });
      if (text === undefined) return isObject(own) ? [own] : [];
      return [{ ...(isObject(own) ? own : {}), text }];
    });
    if (made.length > 0) into[to] = made;
  });
}

export const dosageInstructions: Rule = dosages('dosageInstruction', { dose: 'dose', hasInstruction: true });
/** Of a MedicationStatement. */
export const statementDosages: Rule = dosages('dosage', { dose: 'quantity', hasInstruction: false });
