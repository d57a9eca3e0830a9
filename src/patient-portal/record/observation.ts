import { elementsAt, hasOtherFocus, isEnteredInError, parseDateRange } from '../../fhir/index.ts';
import { isObject } from '../../kernel/index.ts';
import { formatStatus } from './entries/entry.ts';
import { formatConcept, formatQuantity, formatUnit, type ResourceReader, toNumber, toText } from './resource-reader.ts';

/** One observed value: a row of the table and, if it is numeric, a point of the chart. */
export interface ObservedValue {
  /** Identifies the series by code, unit and subject. Values with the same key share a table and a chart. */
  readonly key: string;
  readonly name: string;
  readonly value: string;
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
}

export interface DisplayedRange {
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly text: string;
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
  const pressure = readBloodPressure(components, messages.chart);
  const quantity = elementsAt(observation, 'valueQuantity')[0];
  const number = isExact(quantity) ? toNumber(quantity['value']) : undefined;
  const unit = pressure?.unit ?? formatUnit(quantity);
  const name = (pressure === undefined ? concepts(observation, 'code') : messages.chart.pressure) ?? messages.notNamed;
  const other = hasOtherFocus(observation)
    ? messages.aboutAnother(name, reader.texts(observation, 'focus.display'))
    : '';
  return {
    // The key includes the person whom the value is about, so that values about another person never share a series
    // with the patient's own.
    key: `${pressure === undefined ? seriesKey(observation) : 'pressure'} ${unit} ${other}`,
    name: other === '' ? name : other,
    value: pressure?.value ?? joinComponents(ownValue, components) ?? formatAbsentReason(observation, reader),
    when:
      dateAt(observation, 'effectiveDateTime', 'effectivePeriod.start', 'effectiveInstant', 'issued') ??
      messages.dateUnknown,
    at: date === undefined ? undefined : toMilliseconds(date),
    plottedValues: isCancelled(observation)
      ? []
      : (pressure?.numbers ?? (number === undefined ? [] : [{ line: '', value: number }])),
    unit,
    range: pressure === undefined ? referenceRange(observation, unit, reader) : undefined,
    flag: formatFlag(observation, reader),
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
function formatValue(node: unknown, { date, messages }: ResourceReader): string | undefined {
  if (!isObject(node)) return undefined;
  const { valueQuantity, valueCodeableConcept, valueString, valueBoolean, valueInteger, valueDateTime, valueTime } =
    node;
  if (typeof valueBoolean === 'boolean') return valueBoolean ? messages.chart.yes : messages.chart.no;
  if (typeof valueInteger === 'number') return String(valueInteger);
  return (
    formatQuantity(valueQuantity) ??
    (valueCodeableConcept === undefined ? undefined : formatConcept(valueCodeableConcept)) ??
    toText(valueString) ??
    date(valueDateTime) ??
    toText(valueTime) ??
    formatRange(node['valueRange'], messages.chart) ??
    formatRatio(node['valueRatio'])
  );
}

export function formatRange(range: unknown, messages: ResourceReader['messages']['chart']): string | undefined {
  if (!isObject(range)) return undefined;
  const low = formatQuantity(range['low']);
  const high = formatQuantity(range['high']);
  if (low !== undefined && high !== undefined) return messages.between(low, high);
  return low === undefined ? (high === undefined ? undefined : messages.below(high)) : messages.above(low);
}

function formatRatio(ratio: unknown): string | undefined {
  if (!isObject(ratio)) return undefined;
  const parts = [formatQuantity(ratio['numerator']), formatQuantity(ratio['denominator'])];
  return parts.includes(undefined) ? undefined : parts.join(' : ');
}

interface ObservationComponent {
  readonly code: string;
  readonly name: string;
  readonly value: string;
  readonly quantity: unknown;
}

function readComponents(observation: unknown, reader: ResourceReader): readonly ObservationComponent[] {
  return elementsAt(observation, 'component').map((component) => {
    const code = firstText(component, ['code.coding.code']) ?? '';
    const name = reader.concepts(component, 'code') ?? reader.messages.notNamed;
    const value = formatValue(component, reader) ?? formatAbsentReason(component, reader);
    return { code, name, value, quantity: elementsAt(component, 'valueQuantity')[0] };
  });
}

function readBloodPressure(components: readonly ObservationComponent[], messages: ResourceReader['messages']['chart']) {
  const systolic = components.find(({ code }) => code === SYSTOLIC);
  const diastolic = components.find(({ code }) => code === DIASTOLIC);
  if (systolic === undefined || diastolic === undefined) return undefined;
  const units = new Set(
    [systolic, diastolic].flatMap(({ quantity }) => (isObject(quantity) ? [formatUnit(quantity)] : [])),
  );
  // If systolic and diastolic pressure have different units, they can't share a scale and aren't shown as a pair.
  if (units.size > 1) return undefined;
  const lines = [
    [messages.systolic, systolic.quantity],
    [messages.diastolic, diastolic.quantity],
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

/** Joins the value of an observation and the values of its components, each with its name. */
function joinComponents(own: string | undefined, components: readonly ObservationComponent[]): string | undefined {
  const all = [
    ...(own === undefined ? [] : [own]),
    ...components.slice(0, 30).map(({ name, value }) => `${name}: ${value}`),
  ];
  return all.length === 0 ? undefined : all.join('; ');
}

function formatAbsentReason(node: unknown, { messages, concepts }: ResourceReader): string {
  const code = firstText(node, ['dataAbsentReason.coding.code']);
  const known = code !== undefined && Object.hasOwn(messages.reasons, code) ? messages.reasons[code] : undefined;
  return known ?? concepts(node, 'dataAbsentReason') ?? messages.notKnown;
}

/** Returns the first reference range that has numbers or a text. FHIR R4 Observation.referenceRange. */
function referenceRange(observation: unknown, unit: string, { messages }: ResourceReader): DisplayedRange | undefined {
  for (const range of elementsAt(observation, 'referenceRange')) {
    if (!isObject(range)) continue;
    const hasSameUnit = [range['low'], range['high']].every(
      (end) => end === undefined || formatUnit(end) === '' || formatUnit(end) === unit,
    );
    // A range with numbers is written in the reader's language. The text that the record has for the range is in its
    // author's language, so it is used only without numbers.
    const text = formatRange(range, messages.chart) ?? toText(range['text']);
    const [low, high] = [range['low'], range['high']].map((end) =>
      isObject(end) && hasSameUnit ? toNumber(end['value']) : undefined,
    );
    if (text !== undefined) return { low, high, text };
  }
  return undefined;
}

function formatFlag(observation: unknown, reader: ResourceReader): string | undefined {
  const { messages, concepts } = reader;
  const code = firstText(observation, ['interpretation.coding.code']);
  const flag =
    code === 'N'
      ? undefined
      : code !== undefined && Object.hasOwn(messages.flags, code)
        ? messages.flags[code]
        : concepts(observation, 'interpretation');
  const status = formatStatus(observation, reader);
  const notable = elementsAt(observation, 'status').some((one) => one !== 'final') ? status : undefined;
  const both = [flag, notable].filter((text) => text !== undefined);
  return both.length === 0 ? undefined : both.join('; ');
}
