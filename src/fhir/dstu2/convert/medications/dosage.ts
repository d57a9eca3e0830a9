import { isObject, objectsIn } from '../../../../kernel/index.ts';
import {
  applyRules,
  type ConversionRule,
  copy,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  inlineRules,
  map,
  mapFirstUnreported,
  markPartly,
  type ValueConverter,
  withPartsOf,
} from '../conversion-rules.ts';
import { convertConcept, hasCoding } from '../datatypes/coding.ts';
import { convertQuantity, convertRange, convertRatio } from '../datatypes/datatypes.ts';
import { convertPartialTiming } from '../datatypes/timing.ts';
import { describeDosage, dosageStepLabels } from './dosage-text.ts';

/**
 * Converts a rate such as 10 mL/h to a DSTU2 Ratio of 10 mL to 1 h. Returns undefined if the unit isn't of the form
 * a/b.
 */
const convertRate: ValueConverter = (value, context) => {
  const converted = convertQuantity(value, context);
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

/**
 * Splits a unit such as mL/h into mL and h.
 * @returns undefined if there is no unit; null if it isn't of the form a/b
 */
function splitUnit(unit: unknown): readonly [string, string] | null | undefined {
  if (unit === undefined) return undefined;
  const [numerator, denominator, ...more] = String(unit).split('/');
  return numerator && denominator && more.length === 0 ? [numerator, denominator] : null;
}

const omitUndefined = (parts: FhirJson): FhirJson =>
  Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));

/**
 * Returns the rules for Dosage.doseAndRate.
 * @param dose name of the dose element in DSTU2: `dose` or `quantity`
 */
const doseAndRate = (dose: string) =>
  inlineRules({
    type: handledElsewhere,
    doseRange: map(convertRange, `${dose}Range`),
    doseQuantity: map(convertQuantity, `${dose}Quantity`),
    rateRatio: map(convertRatio),
    rateRange: map(convertRange),
    rateQuantity: map(convertRate, 'rateRatio'),
  });

const DOSE_TYPE = 'http://terminology.hl7.org/CodeSystem/dose-rate-type';
/**
 * Returns the entry of Dosage.doseAndRate to show, because DSTU2 allows only one dose and one rate. It is the first
 * entry of the R4 dose-rate-type `ordered`, else the first entry of any type.
 */
function chosenDose(dosage: FhirJson): FhirJson | undefined {
  const all = objectsIn(dosage['doseAndRate']);
  return all.find((one) => hasCoding(one['type'], DOSE_TYPE, 'ordered')) ?? all[0];
}

interface DosageElement {
  readonly dose: string;
  /** Whether the DSTU2 type has an element for additional instructions. The element can hold only one instruction. */
  readonly hasInstruction: boolean;
}

function dosageConverter({ dose, hasInstruction }: DosageElement): ValueConverter {
  const doses = doseAndRate(dose);
  return elementConverter({
    sequence: handledElsewhere,
    text: copy,
    additionalInstruction: hasInstruction
      ? mapFirstUnreported(convertConcept, 'additionalInstructions')
      : handledElsewhere,
    patientInstruction: handledElsewhere,
    timing: map(convertPartialTiming),
    asNeededBoolean: copy,
    asNeededCodeableConcept: map(convertConcept),
    site: map(convertConcept, 'siteCodeableConcept'),
    route: map(convertConcept),
    method: map(convertConcept),
    doseAndRate: markPartly((from, _name, into, context) => {
      const chosen = chosenDose(from);
      if (chosen !== undefined) applyRules(doses, chosen, into, context);
    }),
    maxDosePerPeriod: map(convertRatio),
    maxDosePerAdministration: handledElsewhere,
    maxDosePerLifetime: handledElsewhere,
  });
}

/**
 * Builds the rule for a list of R4 Dosages. Whatever DSTU2 has no element for goes into the text.
 * @param to name of the DSTU2 element
 */
function dosages(to: string, element: DosageElement): ConversionRule {
  const parts = dosageConverter(element);
  return withPartsOf(parts, (from, name, into, context) => {
    const all = objectsIn(from[name]);
    const steps = dosageStepLabels(all);
    const converted = all.flatMap((dosage, at) => {
      const own = parts(dosage, context);
      const rateQuantity = chosenDose(dosage)?.['rateQuantity'];
      const unsaidRate = convertRate(rateQuantity, context) === undefined ? rateQuantity : undefined;
      const text = describeDosage({
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

export const mapDosageInstructions: ConversionRule = dosages('dosageInstruction', {
  dose: 'dose',
  hasInstruction: true,
});
/** Rule for MedicationStatement.dosage, which has no element for additional instructions in DSTU2. */
export const mapStatementDosages: ConversionRule = dosages('dosage', { dose: 'quantity', hasInstruction: false });
