import { elementsAt, hasOtherFocus, isEnteredInError, parseDateRange } from '../../fhir/index.ts';
import { isObject } from '../../kernel/index.ts';
import { formatNumber } from '../values/decimal.ts';
import { formatExactQuantity } from '../values/quantity.ts';
import { formatUnit } from '../values/units.ts';
import { formatStatus } from './entries/entry.ts';
import { type AbnormalMark, abnormalMark, formatNotableInterpretations } from './interpretation.ts';
import { type DisplayedRange, formatRange, referenceRange } from './ranges.ts';
import { joinTexts, type ResourceReader, toNumber, toText } from './resource-reader.ts';

/** One observed value: a row of the table and, if it is numeric, a point of the chart. */
export interface ObservedValue {
  /** Id of the Observation. */
  readonly id: string | undefined;
  /** Identifies the series by code, unit and subject. Values with the same key share a table and a chart. */
  readonly key: string;
  readonly name: string;
  readonly value: string;
  /** The value with all digits that the practice sent. undefined if `value` has them all. */
  readonly exactValue: string | undefined;
  readonly when: string;
  /** Date in milliseconds since 1970. undefined if the observation has no usable date. */
  readonly at: number | undefined;
  /**
   * Numbers for the chart, each with the name of its line, such as systolic. The name is empty if the series has one
   * line.
   */
  readonly plottedValues: readonly { readonly line: string; readonly value: number }[];
  readonly unit: string;
  readonly range: DisplayedRange | undefined;
  /** Notable interpretation, such as high or low, and the status unless it is final. */
  readonly flag: string | undefined;
  /** How the source marks the value as abnormal. undefined if it doesn't. */
  readonly abnormal: AbnormalMark | undefined;
}

/**
 * Returns the section of the record that an observation belongs to. The code of its category decides, whatever the code
 * system.
 */
export function observationSection(observation: unknown): 'measurements' | 'results' | 'other' {
  const codes = elementsAt(observation, 'category.coding.code');
  if (codes.includes('vital-signs')) return 'measurements';
  return codes.includes('laboratory') ? 'results' : 'other';
}

/** LOINC code of systolic blood pressure. `DIASTOLIC` is the other component of a blood pressure. */
const SYSTOLIC = '8480-6';
const DIASTOLIC = '8462-4';

export function toObservedValue(observation: unknown, reader: ResourceReader): ObservedValue | undefined {
  if (isEnteredInError(observation)) return undefined;
  // An observation that only groups others (a panel) and has no value is left out. Its members are listed on their own.
  const components = readComponents(observation, reader);
  const ownValue = formatValue(observation, reader);
  if (ownValue === undefined && components.length === 0 && elementsAt(observation, 'hasMember').length > 0)
    return undefined;
  const { messages, concepts, dateAt } = reader;
  const date = firstText(observation, ['effectiveDateTime', 'effectivePeriod.start', 'effectiveInstant', 'issued']);
  const pressure = readBloodPressure(components, messages);
  const quantity = elementsAt(observation, 'valueQuantity')[0];
  const number = isExact(quantity) ? toNumber(quantity['value']) : undefined;
  const unit = pressure?.unit ?? formatUnit(quantity, messages.values.units);
  const name = (pressure === undefined ? concepts(observation, 'code') : messages.chart.pressure) ?? messages.notNamed;
  const other = hasOtherFocus(observation)
    ? messages.aboutAnother(name, reader.texts(observation, 'focus.display'))
    : '';
  return {
    id: firstText(observation, ['id']),
    // The key includes the person whom the value is about, so that values about another person never share a series
    // with the patient's own.
    key: `${pressure === undefined ? seriesKey(observation) : 'pressure'} ${unit} ${other}`,
    name: other === '' ? name : other,
    value: pressure?.value ?? joinComponents(ownValue, components) ?? formatAbsentReason(observation, reader),
    exactValue: formatExactValue(quantity, components, reader),
    when:
      dateAt(observation, 'effectiveDateTime', 'effectivePeriod.start', 'effectiveInstant', 'issued') ??
      messages.dateUnknown,
    at: date === undefined ? undefined : toMilliseconds(date),
    plottedValues: isCancelled(observation)
      ? []
      : (pressure?.numbers ?? (number === undefined ? [] : [{ line: '', value: number }])),
    unit,
    range: pressure === undefined ? referenceRange(observation, unit, reader) : undefined,
    flag: formatFlag(observation, components, reader),
    abnormal: isCancelled(observation) ? undefined : abnormalMark(observation),
  };
}

/**
 * Whether the observation is cancelled. Such an observation has no result, or one that isn't valid, so it is never
 * plotted.
 */
const isCancelled = (observation: unknown): boolean => elementsAt(observation, 'status').includes('cancelled');

const firstText = (value: unknown, paths: readonly string[]): string | undefined =>
  paths.flatMap((path) => elementsAt(value, path)).find((one) => typeof one === 'string') as string | undefined;

/** Whether the quantity is an exact number. A value with a comparator, such as `<5`, can't be plotted. */
const isExact = (quantity: unknown): quantity is Record<string, unknown> =>
  isObject(quantity) && quantity['comparator'] === undefined;

function toMilliseconds(date: string): number | undefined {
  const low = parseDateRange(date)?.low;
  return low !== undefined && Number.isFinite(low) ? low : undefined;
}

/**
 * Returns the code that identifies a series of observations, preferably the LOINC code. The result includes the code
 * system, because two laboratories can use the same local code for different tests.
 */
function seriesKey(observation: unknown): string {
  const codings = elementsAt(observation, 'code.coding').filter(isObject);
  const coding = codings.find(({ system }) => system === 'http://loinc.org') ?? codings[0];
  const code = toText(coding?.['code']);
  if (code !== undefined) return `${toText(coding?.['system']) ?? ''}|${code}`;
  return firstText(observation, ['code.text', 'code.coding.display']) ?? '';
}

/** Formats Observation.value[x] or Observation.component.value[x]. FHIR R4 §10.1.3. */
function formatValue(node: unknown, reader: ResourceReader): string | undefined {
  if (!isObject(node)) return undefined;
  const { concept, date, messages, quantity, period } = reader;
  const { valueQuantity, valueCodeableConcept, valueString, valueBoolean, valueInteger, valueDateTime, valueTime } =
    node;
  if (typeof valueBoolean === 'boolean') return valueBoolean ? messages.chart.yes : messages.chart.no;
  return (
    quantity(valueQuantity) ??
    formatNumber(valueInteger) ??
    (valueCodeableConcept === undefined ? undefined : concept(valueCodeableConcept)) ??
    toText(valueString) ??
    date(valueDateTime) ??
    toText(valueTime) ??
    period(node, 'valuePeriod') ??
    formatRange(node['valueRange'], reader) ??
    formatRatio(node['valueRatio'], reader)
  );
}

function formatRatio(ratio: unknown, { quantity }: ResourceReader): string | undefined {
  if (!isObject(ratio)) return undefined;
  const parts = [quantity(ratio['numerator']), quantity(ratio['denominator'])];
  return parts.includes(undefined) ? undefined : parts.join(' : ');
}

interface ObservationComponent {
  readonly code: string;
  readonly name: string;
  readonly value: string;
  readonly quantity: unknown;
  /** Notable interpretation of this component. */
  readonly flag: string | undefined;
}

function readComponents(observation: unknown, reader: ResourceReader): readonly ObservationComponent[] {
  return elementsAt(observation, 'component').map((component) => {
    const code = firstText(component, ['code.coding.code']) ?? '';
    const name = reader.concepts(component, 'code') ?? reader.messages.notNamed;
    const value = formatValue(component, reader) ?? formatAbsentReason(component, reader);
    const flag = formatNotableInterpretations(component, reader);
    return { code, name, value, quantity: elementsAt(component, 'valueQuantity')[0], flag };
  });
}

/** Formats the numbers that are shown rounded, with all digits that were sent. undefined if there are none. */
function formatExactValue(
  own: unknown,
  components: readonly ObservationComponent[],
  { messages }: ResourceReader,
): string | undefined {
  const exact = (quantity: unknown) => formatExactQuantity(quantity, messages.values);
  const parts = components.slice(0, MAX_COMPONENTS).map(({ name, quantity }) => {
    const text = exact(quantity);
    return text === undefined ? undefined : `${name}: ${text}`;
  });
  return joinTexts([exact(own), ...parts], { joint: '; ' });
}

function readBloodPressure(components: readonly ObservationComponent[], { chart, values }: ResourceReader['messages']) {
  const systolic = components.find(({ code }) => code === SYSTOLIC);
  const diastolic = components.find(({ code }) => code === DIASTOLIC);
  if (systolic === undefined || diastolic === undefined) return undefined;
  const units = new Set(
    [systolic, diastolic].flatMap(({ quantity }) => (isObject(quantity) ? [formatUnit(quantity, values.units)] : [])),
  );
  // If systolic and diastolic pressure have different units, they can't share a scale and aren't shown as a pair.
  if (units.size > 1) return undefined;
  const lines = [
    [chart.systolic, systolic.quantity],
    [chart.diastolic, diastolic.quantity],
  ] as const;
  const numbers = lines.flatMap(([line, quantity]) => {
    const value = isExact(quantity) ? toNumber(quantity['value']) : undefined;
    return value === undefined ? [] : [{ line, value }];
  });
  const [unit = ''] = units;
  const bare = ({ value }: ObservationComponent) =>
    unit !== '' && value.endsWith(` ${unit}`) ? value.slice(0, -unit.length - 1) : value;
  return { numbers, unit, value: `${bare(systolic)} / ${bare(diastolic)} ${unit}`.trim() };
}

/** Maximum number of components of an observation that are shown. */
const MAX_COMPONENTS = 30;

/** Joins the value of an observation and the values of its components, each with its name. */
function joinComponents(own: string | undefined, components: readonly ObservationComponent[]): string | undefined {
  const all = [
    ...(own === undefined ? [] : [own]),
    ...components.slice(0, MAX_COMPONENTS).map(({ name, value }) => `${name}: ${value}`),
  ];
  return all.length === 0 ? undefined : all.join('; ');
}

function formatAbsentReason(node: unknown, { messages, concepts }: ResourceReader): string {
  const code = firstText(node, ['dataAbsentReason.coding.code']);
  const known = code !== undefined && Object.hasOwn(messages.reasons, code) ? messages.reasons[code] : undefined;
  return known ?? concepts(node, 'dataAbsentReason') ?? messages.notKnown;
}

/**
 * Formats the notable interpretations of an observation and its components, and its status unless it is final. A flag
 * comes from the sender only. It is never derived from the value and the range.
 */
function formatFlag(
  observation: unknown,
  components: readonly ObservationComponent[],
  reader: ResourceReader,
): string | undefined {
  const flags = components.map(({ name, flag }) => (flag === undefined ? undefined : `${name}: ${flag}`));
  const status = formatStatus(observation, reader);
  const notable = elementsAt(observation, 'status').some((one) => one !== 'final') ? status : undefined;
  return joinTexts([formatNotableInterpretations(observation, reader), ...flags, notable], { joint: '; ' });
}
