import { elementsAt, isFamilyHistory, isReported, parseDateRange } from '../../../fhir/index.ts';
import type { Messages } from '../../../i18n/index.ts';
import { formatDosages } from '../../record/entries/dosage.ts';
import { formatCertainty, formatStatus, type RecordEntryText } from '../../record/entries/entry.ts';
import { joinTexts, type ResourceReader } from '../../record/resource-reader.ts';
import type { RecordSectionName } from '../../record/sections.ts';
import { type EntryState, entryState, hasPastEnd } from '../../record/states/entry-state.ts';

/** Messages of the record and of the summary. The summary uses the labels of the record where they fit. */
interface ListMessages {
  readonly record: Messages['patientPortal']['patientRecord'];
  readonly summary: Messages['patientPortal']['recordDownloads']['summary'];
}

interface SummaryListEntry {
  readonly resource: unknown;
  readonly text: RecordEntryText;
}

export interface SummaryColumn {
  readonly heading: (messages: ListMessages) => string;
  readonly text: (entry: SummaryListEntry, reader: ResourceReader, messages: ListMessages) => string | undefined;
  /** Whether an empty cell says that nothing is on record. Other columns are left out if all their cells are empty. */
  readonly isEssential?: true;
  /** Whether the column has the date. Entries that differ only in their date become one row. */
  readonly isDate?: true;
  /** Returns the start of the date in milliseconds since 1970. Only a list with the `oldest` date needs it. */
  readonly dateStart?: (resource: unknown) => number | undefined;
}

export interface SummaryList {
  readonly section: RecordSectionName;
  readonly title: (messages: ListMessages) => string;
  /** Resource types that the list includes. If absent, it includes all types of the section. */
  readonly types?: readonly string[];
  readonly isListed: (resource: unknown, now: Date) => boolean;
  /** Whether another list has the entry, so that it doesn't count as left out. */
  readonly isListedElsewhere?: (resource: unknown, now: Date) => boolean;
  /** Columns of the table. The first one names the entry. */
  readonly columns: readonly SummaryColumn[];
  /**
   * Entries that differ only in their date: `all` puts all dates into one row, `oldest` the oldest one, and `each` keeps
   * a row for each. The default is one row with the newest date.
   */
  readonly dates?: 'all' | 'oldest' | 'each';
  /** Maximum number of rows. */
  readonly maxRows: number;
  /** Whether the list is left out if it is empty. */
  readonly isOptional?: true;
  /** Whether entries that were ruled out are named below the table. */
  readonly namesRuledOut?: true;
  /** Note about entries that aren't listed. */
  readonly othersNote?: 'notCurrent' | 'more';
  readonly note?: (messages: ListMessages) => string;
}

/**
 * Creates a function that checks whether a resource has none of the given statuses. A resource without a status counts
 * as current.
 */
const hasOtherStatus = (path: string, endedCodes: readonly string[]) => (resource: unknown) =>
  !elementsAt(resource, path).some((code) => endedCodes.includes(String(code)));

const hasStatus = (status: string) => (resource: unknown) => elementsAt(resource, 'status').includes(status);

/** Creates a function that checks the state of an entry, as the record page shows it. */
const isInState = (state: EntryState) => (resource: unknown, now: Date) =>
  elementsAt(resource, 'resourceType').some((type) => entryState(String(type), resource, now) === state);

const isCurrent = hasOtherStatus('clinicalStatus.coding.code', ['inactive', 'remission', 'resolved']);
const isActive = hasStatus('active');

/**
 * Whether the condition is current and on the problem list. A condition that ended isn't current, even if its status
 * says so. An encounter diagnosis counts only if it has another category as well.
 */
function isOnProblemList(resource: unknown, now: Date): boolean {
  const categories = elementsAt(resource, 'category.coding.code');
  return (
    isCurrent(resource) &&
    !hasPastEnd('Condition', resource, now) &&
    !isFamilyHistory(resource) &&
    (categories.length === 0 || categories.some((code) => code !== 'encounter-diagnosis'))
  );
}

function isCoverageActive(resource: unknown, now: Date): boolean {
  const [end] = elementsAt(resource, 'period.end');
  const last = typeof end === 'string' ? parseDateRange(end)?.high : undefined;
  return isActive(resource) && (last === undefined || last >= now.getTime());
}

type SummaryColumnName = keyof ListMessages['summary']['columns'];
type FactLabel = keyof ListMessages['record']['labels'];

const nameColumn = (name: SummaryColumnName): SummaryColumn => ({
  heading: ({ summary }) => summary.columns[name],
  text: ({ text }, _reader, { record }) => text.title ?? record.notNamed,
});

/** Creates a column that shows a fact of the record page under the same label. */
const factColumn = (label: FactLabel): SummaryColumn => ({
  heading: ({ record }) => record.labels[label],
  text: ({ text }, _reader, { record }) => text.facts.find(([name]) => name === record.labels[label])?.[1],
});

const essential = (column: SummaryColumn): SummaryColumn => ({ ...column, isEssential: true });

const DATE_COLUMN: SummaryColumn = {
  heading: ({ record }) => record.labels.date,
  text: ({ text }, _reader, { record }) => text.date ?? record.dateUnknown,
  isDate: true,
};

/** When a problem began. The date on which it was recorded isn't shown, because it would read as its beginning. */
const SINCE_COLUMN: SummaryColumn = {
  ...factColumn('since'),
  isDate: true,
  dateStart: (resource) =>
    ['onsetDateTime', 'onsetPeriod.start']
      .flatMap((path) => elementsAt(resource, path))
      .map((date) => (typeof date === 'string' ? parseDateRange(date)?.low : undefined))
      .find((start) => start !== undefined),
};

/** Creates a column for qualifications without which an entry would mislead, such as an unconfirmed diagnosis. */
const noteColumn = (text: SummaryColumn['text']): SummaryColumn => ({
  heading: ({ record }) => record.labels.note,
  text,
});

const CERTAINTY_COLUMN = noteColumn(({ resource }, reader) => formatCertainty(resource, reader));

const DIRECTIONS_COLUMN: SummaryColumn = essential({
  heading: ({ summary }) => summary.columns.directions,
  text: ({ resource }, reader) => formatDosages(resource, reader),
});

const MANY_ROWS = 100;

/** Lists of the summary that come before the results: what a clinician has to know first. */
export const URGENT_LISTS: readonly SummaryList[] = [
  {
    section: 'allergies',
    title: ({ record }) => record.sections.allergies,
    isListed: hasOtherStatus('clinicalStatus.coding.code', ['inactive', 'resolved']),
    columns: [
      nameColumn('allergy'),
      essential(factColumn('reaction')),
      essential(factColumn('severity')),
      CERTAINTY_COLUMN,
    ],
    maxRows: MANY_ROWS,
    namesRuledOut: true,
    othersNote: 'notCurrent',
  },
  // Each row repeats that the medicine isn't to be taken, because a row can be read without the heading.
  {
    section: 'medicines',
    title: ({ record }) => record.states.avoid,
    types: ['MedicationRequest'],
    isListed: isInState('avoid'),
    columns: [
      nameColumn('medicine'),
      noteColumn(({ resource }, { messages, texts }) =>
        joinTexts([messages.notToBeTaken, texts(resource, 'note.text')], { joint: ': ' }),
      ),
      factColumn('reason'),
      DATE_COLUMN,
      factColumn('by'),
    ],
    maxRows: MANY_ROWS,
    isOptional: true,
  },
  {
    section: 'medicines',
    title: ({ summary }) => summary.current,
    types: ['MedicationRequest', 'MedicationStatement'],
    isListed: isInState('current'),
    isListedElsewhere: isInState('avoid'),
    columns: [
      nameColumn('medicine'),
      DIRECTIONS_COLUMN,
      DATE_COLUMN,
      factColumn('prescribedBy'),
      noteColumn(({ resource }, { messages }) => (isReported(resource) ? messages.reported : undefined)),
    ],
    maxRows: MANY_ROWS,
    othersNote: 'notCurrent',
    note: ({ summary }) => summary.medicineNote,
  },
  {
    section: 'problems',
    title: ({ summary }) => summary.problems,
    isListed: isOnProblemList,
    columns: [nameColumn('problem'), SINCE_COLUMN, CERTAINTY_COLUMN],
    dates: 'oldest',
    maxRows: MANY_ROWS,
    namesRuledOut: true,
    othersNote: 'more',
  },
];

/** Lists of the summary that follow the results. */
export const BACKGROUND_LISTS: readonly SummaryList[] = [
  {
    section: 'vaccinations',
    title: ({ record }) => record.sections.vaccinations,
    isListed: hasOtherStatus('status', ['not-done']),
    columns: [
      nameColumn('vaccine'),
      { ...DATE_COLUMN, heading: ({ summary }) => summary.columns.dates },
      noteColumn(({ resource }, { messages }) =>
        elementsAt(resource, 'isSubpotent').includes(true) ? messages.subpotent : undefined,
      ),
    ],
    dates: 'all',
    maxRows: 60,
  },
  {
    section: 'procedures',
    title: ({ summary }) => summary.procedures,
    isListed: hasStatus('completed'),
    columns: [nameColumn('procedure'), DATE_COLUMN, factColumn('outcome'), factColumn('complications')],
    dates: 'all',
    maxRows: 12,
    isOptional: true,
  },
  {
    section: 'visits',
    title: ({ summary }) => summary.visits,
    isListed: hasStatus('finished'),
    columns: [nameColumn('visit'), DATE_COLUMN, factColumn('reason'), factColumn('with')],
    dates: 'each',
    maxRows: 8,
    isOptional: true,
  },
  {
    section: 'devices',
    title: ({ summary }) => summary.devices,
    isListed: hasOtherStatus('status', ['inactive']),
    columns: [
      nameColumn('device'),
      factColumn('maker'),
      factColumn('model'),
      noteColumn(({ resource }, reader) =>
        isActive(resource) ? undefined : (formatStatus(resource, reader) ?? reader.messages.notKnown),
      ),
    ],
    maxRows: 12,
    isOptional: true,
  },
  // The member number is left out, because people pass the summary on and it only needs to name the payer.
  {
    section: 'insurance',
    title: ({ summary }) => summary.coverage,
    types: ['Coverage'],
    isListed: isCoverageActive,
    columns: [nameColumn('insurance'), factColumn('plan')],
    maxRows: 5,
    isOptional: true,
  },
];
