import { type FhirObject, present } from './fhir-object.ts';
import { attributeAt, type CdaNode, contentAt, nodeAt, nodesAt } from './tree.ts';
import { toConcept, toDecimal, toQuantity, toRange, toTiming } from './values.ts';

/**
 * Converts how a medicine is taken (Medication Activity) as C-CDA on FHIR says. If a part of the timing has no form in
 * FHIR, only the sender's words are kept: a dose without its complete timing could be taken at the wrong times.
 */
export function toDosage(node: CdaNode, timeZone: string): FhirObject | undefined {
  const [first, ...others] = nodesAt(node, 'effectiveTime');
  const isFrequency = (time: CdaNode | undefined) =>
    nodeAt(time, 'period') !== undefined || nodeAt(time, 'event') !== undefined;
  const bounds = isFrequency(first) ? undefined : first;
  const frequencies = isFrequency(first) ? [first, ...others] : others;
  const { at, start, end } = toTiming(bounds, timeZone);
  const boundsPeriod = present({ start, end });
  const [frequency, ...more] = frequencies.map(toFrequency);
  const written = writtenDirections(node);
  const dose = toDose(node);
  // A dose with only a lower or an upper limit has no form in FHIR.
  const isDoseLost =
    dose === undefined && ['low', 'high'].some((one) => nodeAt(node, `doseQuantity.${one}`) !== undefined);
  const isIncomplete = more.length > 0 || (frequencies.length > 0 && frequency === undefined) || isDoseLost;
  if (isIncomplete) return present({ text: written ?? contentAt(node, 'text'), timing: toBounds(boundsPeriod) });
  const [condition] = nodesAt(node, 'precondition');
  const reason = toConcept(nodeAt(condition, 'criterion.value'));
  return present({
    text: written,
    patientInstruction: instructions(node),
    timing: present({
      event: at === undefined ? undefined : [at],
      repeat: present({ boundsPeriod, ...frequency }),
    }),
    asNeededBoolean: condition !== undefined && reason === undefined ? true : undefined,
    asNeededCodeableConcept: reason,
    site: toConcept(nodeAt(node, 'approachSiteCode')),
    route: toConcept(nodeAt(node, 'routeCode')),
    doseAndRate: dose === undefined ? undefined : [dose],
    maxDosePerPeriod: toRatio(nodeAt(node, 'maxDoseQuantity')),
  });
}

const toBounds = (boundsPeriod: FhirObject | undefined): FhirObject | undefined =>
  boundsPeriod === undefined ? undefined : { repeat: { boundsPeriod } };

/** The sender's words (Medication Free Text Sig). */
const writtenDirections = (node: CdaNode): string | undefined =>
  nodesAt(node, 'entryRelationship.substanceAdministration')
    .filter((one) => attributeAt(one, 'code.code') === '76662-6')
    .map((one) => contentAt(one, 'text'))
    .find((text) => text !== undefined);

/** Instructions for the patient (Instruction). */
const instructions = (node: CdaNode): string | undefined =>
  nodesAt(node, 'entryRelationship')
    .filter((one) => attributeAt(one, 'typeCode') === 'SUBJ' && attributeAt(one, 'inversionInd') === 'true')
    .flatMap((one) => nodesAt(one, 'act'))
    .filter((act) => attributeAt(act, 'code.code') !== '48767-8')
    .map((act) => contentAt(act, 'text'))
    .find((text) => text !== undefined);

function toDose(node: CdaNode): FhirObject | undefined {
  const doseNode = nodeAt(node, 'doseQuantity');
  // A number of tablets or puffs has no unit of its own.
  const unit = attributeAt(node, 'administrationUnitCode.displayName');
  return present({
    doseQuantity: toQuantity(doseNode, unit),
    doseRange: toRange(doseNode, unit).range,
    rateQuantity: toQuantity(nodeAt(node, 'rateQuantity')),
  });
}

function toRatio(node: CdaNode | undefined): FhirObject | undefined {
  const [numerator, denominator] = [toQuantity(nodeAt(node, 'numerator')), toQuantity(nodeAt(node, 'denominator'))];
  return numerator === undefined || denominator === undefined ? undefined : { numerator, denominator };
}

const PERIOD_UNITS = ['s', 'min', 'h', 'd', 'wk', 'mo', 'a'];
const MINUTES: Readonly<Record<string, number>> = { min: 1, h: 60, d: 1440 };
const EVENTS = /^(?:HS|WAKE|[AP]?C[MDV]?)$/;

/** Converts how often a medicine is taken: periodically (PIVL_TS), or by events such as meals (EIVL_TS). */
function toFrequency(time: CdaNode | undefined): FhirObject | undefined {
  const event = attributeAt(time, 'event.code');
  if (event !== undefined) return toEventTiming(event, nodeAt(time, 'offset'));
  const period = nodeAt(time, 'period');
  const [single, low, high] = [period, nodeAt(period, 'low'), nodeAt(period, 'high')];
  const unit = attributeAt(single, 'unit') ?? attributeAt(low, 'unit');
  const value = toDecimal(attributeAt(single, 'value') ?? attributeAt(low, 'value'));
  if (value === undefined || unit === undefined || !PERIOD_UNITS.includes(unit) || Number(value) <= 0) return undefined;
  const perDay = unit === 'h' ? 24 / Number(value) : Number.NaN;
  // "Every 8 hours" at times that the institution sets is three times a day (CDA institutionSpecified).
  if (attributeAt(time, 'institutionSpecified') === 'true' && Number.isInteger(perDay))
    return { frequency: perDay, period: 1, periodUnit: 'd' };
  const periodMax = toDecimal(attributeAt(high, 'value'));
  const isSameUnit = high === undefined || attributeAt(high, 'unit') === unit;
  if (!isSameUnit || (high !== undefined && periodMax === undefined)) return undefined;
  return { frequency: 1, period: value, periodMax, periodUnit: unit };
}

/** The codes of events are the same in FHIR. The offset is in minutes (FHIR R4 Timing.repeat.offset). */
function toEventTiming(event: string, offset: CdaNode | undefined): FhirObject | undefined {
  if (!EVENTS.test(event)) return undefined;
  if (offset === undefined) return { when: [event] };
  const bound = nodeAt(offset, 'low') ?? offset;
  const minutes = Number(attributeAt(bound, 'value')) * (MINUTES[attributeAt(bound, 'unit') ?? ''] ?? Number.NaN);
  return Number.isInteger(minutes) && minutes >= 0 ? { when: [event], offset: minutes } : undefined;
}
