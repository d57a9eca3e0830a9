import { elementsAt } from '../../fhir/index.ts';
import { isObject } from '../../kernel/index.ts';
import { formatNumber } from '../values/decimal.ts';
import { formatUnit } from '../values/units.ts';
import { joinList, joinTexts, type ResourceReader, toNumber, toText } from './resource-reader.ts';

/** The normal range of a value. */
export interface DisplayedRange {
  /** Ends for the chart. Both are undefined if there are several ranges, or if the range is only for some people. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly text: string;
}

/** Formats a Range. A unit of both ends is written once: "12 to 15.5 g/dL". */
export function formatRange(range: unknown, { messages, quantity }: ResourceReader): string | undefined {
  if (!isObject(range)) return undefined;
  const { between, below, above } = messages.chart;
  const [lowUnit, highUnit] = [range['low'], range['high']].map((end) => formatUnit(end, messages.values.units));
  const lowNumber = isObject(range['low']) ? formatNumber(range['low']['value']) : undefined;
  const low = lowUnit === highUnit && lowUnit !== '%' ? lowNumber : quantity(range['low']);
  const high = quantity(range['high']);
  if (low !== undefined && high !== undefined) return between(low, high);
  return low === undefined ? (high === undefined ? undefined : below(high)) : above(low);
}

/** Whether a range is a normal one. Ranges of other types, such as therapeutic ones, must not be called normal. */
const isNormalRange = (range: unknown): boolean => {
  const types = elementsAt(range, 'type.coding.code');
  return types.length === 0 ? elementsAt(range, 'type.text').length === 0 : types.includes('normal');
};

interface NormalRange {
  readonly range: Readonly<Record<string, unknown>>;
  /** The range in words, with the people that it is for. */
  readonly text: string;
  /** Whether the range is only for people of an age, sex or other group. */
  readonly isForSome: boolean;
}

/**
 * Lists the normal ranges that have numbers or a text. They are the sender's ranges, and never ours. FHIR R4
 * Observation.referenceRange.
 */
function listNormalRanges(
  node: unknown,
  reader: ResourceReader,
  toEnd: (quantity: unknown) => unknown,
): readonly NormalRange[] {
  const ranges = elementsAt(node, 'referenceRange')
    .filter(isNormalRange)
    .filter(isObject)
    .flatMap((range): readonly NormalRange[] => {
      const [low, high] = [toEnd(range['low']), toEnd(range['high'])];
      // A range with numbers is written in the reader's language. The text that the record has for the range is in its
      // author's language, so it is used only without numbers.
      const text = formatRange({ low, high }, reader) ?? toText(range['text']);
      if (text === undefined) return [];
      const age = formatRange(range['age'], reader);
      const people = joinTexts([reader.concepts(range, 'appliesTo'), age && reader.messages.chart.age(age)]);
      return [
        {
          range,
          text: people === undefined ? text : `${text} (${people})`,
          isForSome: range['appliesTo'] !== undefined || range['age'] !== undefined,
        },
      ];
    });
  return [...new Map(ranges.map((one) => [one.text, one])).values()];
}

/**
 * Formats all normal ranges of an Observation or component, each with the people that it is for. The range that is for
 * the patient isn't chosen, because a wrong one could make a value look normal.
 * @param toEnd changes the ends of a range before they are formatted
 */
export const formatNormalRanges = (
  node: unknown,
  reader: ResourceReader,
  toEnd: (quantity: unknown) => unknown,
): string | undefined => joinList(listNormalRanges(node, reader, toEnd).map(({ text }) => text));

/** Returns the normal ranges of an observation, with numbers if there is only one and it is for all people. */
export function referenceRange(observation: unknown, unit: string, reader: ResourceReader): DisplayedRange | undefined {
  const ranges = listNormalRanges(observation, reader, (quantity) => quantity);
  const text = joinList(ranges.map((one) => one.text));
  const [only] = ranges;
  if (only === undefined || text === undefined) return undefined;
  if (ranges.length > 1 || only.isForSome) return { low: undefined, high: undefined, text };
  const ends = [only.range['low'], only.range['high']];
  const unitOf = (end: unknown) => formatUnit(end, reader.messages.values.units);
  const hasSameUnit = ends.every((end) => end === undefined || unitOf(end) === '' || unitOf(end) === unit);
  const [low, high] = ends.map((end) => (isObject(end) && hasSameUnit ? toNumber(end['value']) : undefined));
  return { low, high, text };
}
