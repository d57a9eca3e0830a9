import { elementsAt, hasOtherFocus, parseJson } from '../../../fhir/index.ts';
import { createYielder, days, isObject, later } from '../../../kernel/index.ts';
import type { PatientPortalDeps } from '../../deps.ts';
import type { PatientPortalContext } from '../../portal-context.ts';
import { isFlagged } from '../../record/interpretation.ts';
import { type ObservedValue, observationSection, toObservedValue } from '../../record/observation.ts';
import { createResourceReader } from '../../record/resource-reader.ts';
import { readAllOfType } from '../../record/section-rows.ts';
import type { HealthSummarySection } from './content.ts';

/** Number of most recent observations that are searched. It bounds the time of a summary. */
const MAX_READ = 20_000;
/** Length of the period from which unflagged results are listed, in months before the latest result. */
const PERIOD_MONTHS = 12;
/** How far a date may be after now. A date has no time zone, so it can already be tomorrow where the result is from. */
const FUTURE_TOLERANCE = days(1);
/** Maximum number of rows of each table. Unflagged results are left out first. */
const MAX_ROWS: Readonly<Record<ResultSectionName, number>> = { results: 120, measurements: 30 };

type ResultSectionName = 'results' | 'measurements';

interface SummaryResult {
  readonly value: ObservedValue;
  readonly flagged: boolean;
  /** Whether the date is in the future, which is a mistake of the source. */
  readonly isFuture: boolean;
}

interface ResultSelection {
  readonly listed: SummaryResult[];
  /** Series of which a result was found already. Results come newest first, so that one is the latest. */
  readonly seen: Set<string>;
  /** Series of which a result with a future date was found. It doesn't hide the latest real result. */
  readonly seenInFuture: Set<string>;
  /** Date of the latest result in words. undefined if no result has a date that isn't in the future. */
  latest: string | undefined;
  /** Start of the period in milliseconds since 1970. */
  from: number | undefined;
  leftOut: number;
}

/**
 * Loads the recent laboratory results and measurements. A table has the latest result of each test in the 12 months
 * before the latest result, all results of that time that the source flagged, and the latest result of an older test if
 * it was flagged. The period ends with the latest result, so that a patient who wasn't tested for years has a list too.
 * A result with a future date is listed, but doesn't move the period.
 */
export async function loadResultSections(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
): Promise<readonly HealthSummarySection[]> {
  const selections: Record<ResultSectionName, ResultSelection> = { results: select(), measurements: select() };
  const reader = createResourceReader(context, context.messages.patientRecord);
  const yieldWhenDue = createYielder();
  const latestPossible = later(deps.clock.now(), FUTURE_TOLERANCE).getTime();
  let read = 0;
  let isComplete = true;
  for await (const rows of readAllOfType(deps.db, context.accountRecord, 'Observation')) {
    for (const { content } of rows) {
      await yieldWhenDue();
      const resource = parseJson(content);
      const section = observationSection(resource);
      if (section === 'other' || !isResult(resource)) continue;
      const value = toObservedValue(resource, reader);
      if (value === undefined) continue;
      const isFuture = value.at !== undefined && value.at > latestPossible;
      addResult(selections[section], { value, flagged: isFlagged(resource), isFuture });
    }
    read += rows.length;
    if (read >= MAX_READ) {
      isComplete = false;
      break;
    }
  }
  return (['results', 'measurements'] as const).map((name) =>
    toSection(context, name, selections[name], isComplete ? undefined : read),
  );
}

const select = (): ResultSelection => ({
  listed: [],
  seen: new Set(),
  seenInFuture: new Set(),
  latest: undefined,
  from: undefined,
  leftOut: 0,
});

/**
 * Whether the observation is about the patient, has a value, and is neither cancelled nor pending. An observation without
 * a value would otherwise hide the latest value of its test.
 */
const isResult = (observation: unknown): boolean =>
  !hasOtherFocus(observation) &&
  [observation, ...elementsAt(observation, 'component')].some(hasValue) &&
  !elementsAt(observation, 'status').some((code) => code === 'cancelled' || code === 'registered');

/** Whether an Observation or component has a value[x]. */
const hasValue = (node: unknown): boolean =>
  isObject(node) && Object.keys(node).some((name) => name.startsWith('value'));

/** Lists the result if the rule includes it. A result without a date is listed if it is the only one of its test. */
function addResult(selection: ResultSelection, result: SummaryResult): void {
  const { at, key, when } = result.value;
  if (selection.latest === undefined && at !== undefined && !result.isFuture) {
    const start = new Date(at);
    start.setUTCMonth(start.getUTCMonth() - PERIOD_MONTHS);
    selection.latest = when;
    selection.from = start.getTime();
  }
  const seen = result.isFuture ? selection.seenInFuture : selection.seen;
  const isLatest = !seen.has(key);
  seen.add(key);
  const isRecent = at === undefined || selection.from === undefined || at >= selection.from;
  if (isRecent ? isLatest || (result.flagged && at !== undefined) : isLatest && result.flagged)
    selection.listed.push(result);
  else selection.leftOut += 1;
}

function toSection(
  context: PatientPortalContext,
  name: ResultSectionName,
  { listed, latest, leftOut }: ResultSelection,
  searched: number | undefined,
): HealthSummarySection {
  const { patientRecord: record, recordDownloads } = context.messages;
  const { summary } = recordDownloads;
  const title = summary[name];
  const unread = searched === undefined ? [] : [summary.unreadResults(searched)];
  if (listed.length === 0) return { title, empty: record.nothing, notes: unread };
  const rows = limitRows(listed, MAX_ROWS[name]);
  const more = leftOut + listed.length - rows.length;
  const rule = name === 'results' ? summary.resultRule : summary.measurementRule;
  const hasFlags = rows.some(({ value }) => value.flag !== undefined);
  const hasRanges = rows.some(({ value }) => value.range !== undefined);
  const { labels } = record;
  return {
    title,
    table: {
      columns: [
        summary.columns[name === 'results' ? 'test' : 'measurement'],
        summary.columns.result,
        ...(hasRanges ? [labels.range] : []),
        ...(hasFlags ? [labels.flag] : []),
        labels.date,
      ],
      rows: rows.map(({ value: { name: test, value, range, flag, when } }) => [
        test,
        value,
        ...(hasRanges ? [range?.text ?? ''] : []),
        ...(hasFlags ? [flag ?? ''] : []),
        when,
      ]),
    },
    notes: [
      ...(latest === undefined ? [] : [rule(latest)]),
      ...(rows.some(({ isFuture }) => isFuture) ? [summary.futureDates] : []),
      ...unread,
      ...(more > 0 ? [summary.more(more)] : []),
    ],
  };
}

/**
 * Shortens the list to a number of rows. Flagged results stay before others, and those with a future date are left out
 * first. The order is unchanged.
 */
function limitRows(listed: readonly SummaryResult[], max: number): readonly SummaryResult[] {
  if (listed.length <= max) return listed;
  const rank = ({ flagged, isFuture }: SummaryResult): number => (flagged ? 0 : 2) + (isFuture ? 1 : 0);
  const preferred = listed.toSorted((one, other) => rank(one) - rank(other));
  const chosen = new Set(preferred.slice(0, max));
  return listed.filter((result) => chosen.has(result));
}
