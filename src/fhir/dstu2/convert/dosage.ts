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

/** Converts 10 mL/h to a DSTU2 Ratio of 10 mL to 1 h. Returns undefined if the unit isn't of the form a/b. */
const convertRate: Convert = (value, context) => {
  const converted = quantity(value, context);
  if (!isObject(converted)) return undefined;
  const [unit, code] = [converted['unit'], converted['code']].map(splitUnit);
  if (unit === null || code === null || (unit === undefined && code === undefined)) return undefined;
  const { value: amount, comparator, system } = converted;
  const side = (index: 0 | 1) => ({ unit: unit?.[index], system: code && system, code: code?.[index] });
  return {
    numerator: omitUndefined({ value: amount, comparator, ...side(0) }),
    denominator: omitUndefined({ value: 1, ...side(1) }),
  };
};

/** @returns undefined if there is no unit; null if it isn't of the form a/b */
function splitUnit(unit: unknown): readonly [string, string] | null | undefined {
  if (unit === undefined) return undefined;
  const [over, under, ...more] = String(unit).split('/');
  return over && under && more.length === 0 ? [over, under] : null;
}

const omitUndefined = (parts: Json): Json =>
  Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));

/** @param dose name of the dose element in DSTU2: `dose` or `quantity` */
const doseAndRate = (dose: string) =>
  partialRules({
    type: readElsewhere,
    doseRange: of(range, `${dose}Range`),
    doseQuantity: of(quantity, `${dose}Quantity`),
    rateRatio: of(ratio),
    rateRange: of(range),
    rateQuantity: of(convertRate, 'rateRatio'),
  });

const DOSE_TYPE = 'http://terminology.hl7.org/CodeSystem/dose-rate-type';
/** DSTU2 allows one dose and one rate: the ordered one takes precedence over a calculated one; else the first. */
function chosenDose(dosage: Json): Json | undefined {
  const all = objectsIn(dosage['doseAndRate']);
  return all.find((one) => hasCoding(one['type'], DOSE_TYPE, 'ordered')) ?? all[0];
}

interface DosageElement {
  readonly dose: string;
  /** Whether DSTU2 has an element for one additional instruction. */
  readonly hasInstruction: boolean;
}

function dosageConverter({ dose, hasInstruction }: DosageElement): Convert {
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

/**
 * Converts a list of R4 Dosages. Everything without an element in DSTU2 goes into the text.
 * @param to name of the DSTU2 element
 */
function dosages(to: string, element: DosageElement): Rule {
  const parts = dosageConverter(element);
  return likeParts(parts, (from, name, into, context) => {
    const all = objectsIn(from[name]);
    const steps = stepsOf(all);
    const converted = all.flatMap((dosage, at) => {
      const own = parts(dosage, context);
      const rateQuantity = chosenDose(dosage)?.['rateQuantity'];
      const unsaidRate = convertRate(rateQuantity, context) === undefined ? rateQuantity : undefined;
      const text = dosageText({
        dosage,
        step: steps[at],
        unsaidRate,
        saidInstructions: element.hasInstruction ? 1 : 0,
      });
      if (text === undefined) return isObject(own) ? [own] : [];
      return [{ ...(isObject(own) ? own : {}), text }];
    });
    if (converted.length > 0) into[to] = converted;
  });
}

export const dosageInstructions: Rule = dosages('dosageInstruction', { dose: 'dose', hasInstruction: true });
/** Dosages of a MedicationStatement. */
export const statementDosages: Rule = dosages('dosage', { dose: 'quantity', hasInstruction: false });
