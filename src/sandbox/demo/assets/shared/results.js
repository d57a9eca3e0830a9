// Turns Observations into tests: all values of one kind, newest first. Marks and ranges are the source's own. The app
// never compares a value with a range.
import { codesOf, isAboutAnother, listOf, valid, wordsOf } from './elements.js';
import { statusWords } from './entry.js';
import { dateOf, day, valueText, withDays } from './format.js';
import { messages } from './messages.js';
import { unitText, withUnit } from './units.js';

/** Returns the latest value of each test by kind. Laboratory tests also have the name of their panel. */
export function results({ Observation = [], DiagnosticReport = [] }) {
  const panels = panelNames([...valid(Observation), ...valid(DiagnosticReport)]);
  const values = valid(Observation)
    .filter((given) => !isPanelOnly(given))
    .map(observedValue)
    // A value without a usable date is never the latest one.
    .sort((one, other) => (other.time ?? 0) - (one.time ?? 0));
  return [...Map.groupBy(values, ({ key }) => key).values()].map((all) => ({
    ...all[0],
    all,
    isAbsent: all.every(({ isAbsent, mark }) => isAbsent && !mark),
    panel: all[0].kind === 'laboratory' ? panels.get(all[0].id) : undefined,
  }));
}

/** The members of a panel: hasMember in R4, related in DSTU2, and result in reports. */
const membersOf = ({ hasMember = [], related = [], result = [] }) => [
  ...hasMember,
  ...related.filter(({ type }) => type === 'has-member').map(({ target }) => target),
  ...result,
];

function panelNames(resources) {
  const names = new Map();
  for (const each of resources) {
    const members = membersOf(each);
    for (const { reference } of members.length > 1 ? members : []) {
      const id = reference?.replace('Observation/', '');
      if (!names.has(id)) names.set(id, wordsOf(each.code));
    }
  }
  return names;
}

const ownText = (node) => {
  const { valueQuantity, valueBoolean, valueString, valueInteger, valueDateTime, valueTime, valueRange } = node;
  if (valueQuantity?.value !== undefined) return quantityText(valueQuantity);
  if (typeof valueBoolean === 'boolean') return valueBoolean ? messages.results.yes : messages.results.no;
  const words = wordsOf(node.valueCodeableConcept) ?? valueString ?? valueInteger ?? valueTime;
  return words === undefined ? (valueDateTime ? day(valueDateTime) : rangeText(valueRange)) : withDays(String(words));
};

const isPanelOnly = (given) =>
  membersOf(given).length > 0 && ownText(given) === undefined && given.component === undefined;

const unitOf = ({ unit, code } = {}) => unitText(unit ?? code);

function quantityText(quantity) {
  const text = withUnit(valueText(quantity.value), unitOf(quantity));
  return messages.results.comparators[quantity.comparator]?.(text) ?? text;
}

/** "12 to 15.5 g/dL". The unit of both ends is written once. */
function rangeText({ low, high } = {}) {
  if (low?.value === undefined)
    return high?.value === undefined ? undefined : messages.results.below(quantityText(high));
  if (high?.value === undefined) return messages.results.above(quantityText(low));
  const start = unitOf(low) === unitOf(high) ? valueText(low.value) : quantityText(low);
  return messages.results.between(start, quantityText(high));
}

const absentText = ({ dataAbsentReason: reason }) =>
  reason?.text ?? messages.results.absent[codesOf(reason)[0]] ?? wordsOf(reason) ?? messages.results.notKnown;

function observedValue(given) {
  const at = given.effectiveDateTime ?? given.effectivePeriod?.start ?? given.issued;
  const parts = listOf(given.component);
  const pressure = pressureOf(parts);
  const [kind = 'other'] = codesOf(given.category).filter((code) => code === 'vital-signs' || code === 'laboratory');
  const coding = given.code?.coding?.find(({ system }) => system === 'http://loinc.org') ?? given.code?.coding?.[0];
  const called = pressure ? messages.results.pressure : (wordsOf(given.code) ?? messages.nameless);
  const name = isAboutAnother(given)
    ? messages.aboutAnother(called, given.focus.find(({ display }) => display)?.display)
    : called;
  const unit = pressure?.unit ?? unitOf(given.valueQuantity);
  const components = pressure
    ? []
    : parts.map((part) => `${wordsOf(part.code) ?? messages.nameless}: ${ownText(part) ?? absentText(part)}`);
  const texts = [ownText(given), ...components].filter((text) => text !== undefined);
  return {
    id: given.id,
    codes: codesOf(given.code),
    name,
    kind,
    // Values about someone else, or in another unit, are never in the same series.
    key: [
      pressure ? 'pressure' : `${coding?.system}|${coding?.code ?? called}`,
      unit,
      isAboutAnother(given) && name,
    ].join(' '),
    at,
    time: dateOf(at)?.getTime(),
    text: pressure?.text ?? (texts.join('; ') || absentText(given)),
    isAbsent: ![given, ...parts].some((node) => ownText(node) !== undefined),
    unit,
    plotted: given.status === 'cancelled' ? [] : (pressure?.plotted ?? plottedOf(given)),
    ...flagsOf(given, parts),
    range: pressure ? undefined : rangeOf(given, unit),
  };
}

/** A number for the chart. One with a comparator, such as <5, isn't exact. */
const plottedOf = ({ valueQuantity }, line = '') =>
  typeof valueQuantity?.value === 'number' && valueQuantity.comparator === undefined
    ? [{ line, value: valueQuantity.value }]
    : [];

/** Systolic and diastolic pressure of one Observation, if they can be written as a pair: "124/78 mmHg". */
function pressureOf(parts) {
  const pair = Object.entries(messages.results.lines).map(([code, line]) => {
    const part = parts.find((each) => codesOf(each.code).includes(code));
    return { unit: unitOf(part?.valueQuantity), plotted: part ? plottedOf(part, line) : [] };
  });
  const plotted = pair.flatMap((each) => each.plotted);
  const [{ unit }] = pair;
  if (plotted.length < 2 || pair.some((each) => each.unit !== unit)) return undefined;
  return { plotted, unit, text: withUnit(plotted.map(({ value }) => valueText(value)).join('/'), unit) };
}

/** Codes of HL7 v3 ObservationInterpretation that mean high, low or abnormal. */
const MARKS = { high: ['H', 'HH', 'HU', 'HX', '>'], low: ['L', 'LL', 'LU', 'LX', '<'], odd: ['A', 'AA'] };
const NORMAL = ['N'];

/** The source's words about the value, and whether it marks the value as abnormal. */
function flagsOf(given, parts) {
  const flags = [given, ...parts].flatMap((node) =>
    // A list in R4, a single concept in DSTU2.
    listOf(node.interpretation).map((concept) => ({ node, concept, codes: codesOf(concept) })),
  );
  const words = flags
    .filter(({ codes }) => !codes.some((code) => NORMAL.includes(code)))
    .map(({ node, concept, codes }) => {
      const word = messages.results.flags[codes[0]] ?? wordsOf(concept) ?? codes[0];
      return node === given ? word : `${wordsOf(node.code)}: ${word}`;
    });
  const codes = flags.flatMap((each) => each.codes);
  const mark = Object.keys(MARKS).find((name) => codes.some((code) => MARKS[name].includes(code)));
  return {
    flag: [...words, ...statusWords(listOf(given.status), 'final')].join('; '),
    mark: given.status === 'cancelled' ? undefined : mark,
  };
}

/** The source's normal range. One of another type, such as a therapeutic range, must not be called normal. */
function rangeOf({ referenceRange = [] }, unit) {
  // DSTU2 names the type of a range meaning.
  const normal = referenceRange.find(({ type, meaning }) => {
    const kind = type ?? meaning;
    return kind === undefined || codesOf(kind).includes('normal');
  });
  const ends = [normal?.low, normal?.high].map((end) => (['', unit].includes(unitOf(end)) ? end?.value : undefined));
  const text = rangeText(normal) ?? normal?.text;
  return text && { low: ends[0], high: ends[1], text };
}
