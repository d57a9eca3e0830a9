import {
  elementsAt,
  isEnteredInError,
  isFamilyHistory,
  isPlanned,
  isProhibited,
  isRefuted,
  isReported,
  parseDateRange,
  parseJson,
} from '../../fhir/index.ts';
import type { Messages } from '../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { formatCertainty, formatStatus, type RecordEntryText } from '../record/entries/entry.ts';
import { loadReferenceNames } from '../record/reference-names.ts';
import { createResourceReader, type ResourceReader } from '../record/resource-reader.ts';
import { readAllOfType } from '../record/section-rows.ts';
import { RECORD_SECTIONS, type RecordSectionName, type SectionGroup } from '../record/sections.ts';

/**
 * Maximum number of lines in a list without a `maxLines` of its own, and of details in a line. These limits keep the
 * summary to one printed page.
 */
const MAX_LINES = 25;
const MAX_DETAILS = 3;

type SummaryListMessages = Messages['patientPortal']['patientRecord'];

interface SummaryList {
  readonly section: RecordSectionName;
  readonly title: (messages: SummaryListMessages) => string;
  /** Resource types that the list includes. If absent, it includes all types of the section. */
  readonly types?: readonly string[];
  readonly current: (resource: unknown, now: Date) => boolean;
  /** Labels of the facts that a line shows after the title. */
  readonly facts?: readonly (keyof SummaryListMessages['labels'])[];
  /**
   * Returns a qualification that a line must always show, such as an unconfirmed diagnosis. Without it, the entry would
   * mislead.
   */
  readonly qualifier?: (resource: unknown, reader: ResourceReader) => string | undefined;
  readonly dated?: true;
  /** Maximum number of lines. A list that sets this limit is left out if it is empty. */
  readonly maxLines?: number;
}

/**
 * Creates a function that checks whether a resource is current, which means that it has none of the given statuses. A
 * resource without a status counts as current.
 */
const hasOtherStatus = (path: string, endedCodes: readonly string[]) => (resource: unknown) =>
  !elementsAt(resource, path).some((code) => endedCodes.includes(String(code)));

const isCurrent = hasOtherStatus('clinicalStatus.coding.code', ['inactive', 'remission', 'resolved']);

/**
 * Whether the condition is current and on the problem list. An encounter diagnosis counts only if it has another
 * category as well.
 */
function isOnProblemList(resource: unknown): boolean {
  const categories = elementsAt(resource, 'category.coding.code');
  return (
    isCurrent(resource) &&
    !isFamilyHistory(resource) &&
    (categories.length === 0 || categories.some((code) => code !== 'encounter-diagnosis'))
  );
}

const hasActiveStatus = (resource: unknown): boolean => elementsAt(resource, 'status').includes('active');

function isCoverageActive(resource: unknown, now: Date): boolean {
  const [end] = elementsAt(resource, 'period.end');
  const last = typeof end === 'string' ? parseDateRange(end)?.high : undefined;
  return hasActiveStatus(resource) && (last === undefined || last >= now.getTime());
}

const SUMMARY_LISTS: readonly SummaryList[] = [
  {
    section: 'allergies',
    title: (messages) => messages.sections.allergies,
    current: hasOtherStatus('clinicalStatus.coding.code', ['inactive', 'resolved']),
    facts: ['reaction', 'severity'],
    qualifier: formatCertainty,
  },
  {
    section: 'medicines',
    title: (messages) => messages.summary.current,
    types: ['MedicationRequest', 'MedicationStatement'],
    current: (resource) => hasActiveStatus(resource) && !isProhibited(resource) && !isPlanned(resource),
    facts: ['howToTake'],
    qualifier: (resource, { messages }) => (isReported(resource) ? messages.reported : undefined),
  },
  {
    section: 'problems',
    title: (messages) => messages.summary.problems,
    current: isOnProblemList,
    qualifier: formatCertainty,
    dated: true,
  },
  {
    section: 'vaccinations',
    title: (messages) => messages.sections.vaccinations,
    current: hasOtherStatus('status', ['not-done']),
    qualifier: (resource, { messages }) =>
      elementsAt(resource, 'isSubpotent').includes(true) ? messages.subpotent : undefined,
    dated: true,
  },
  {
    section: 'procedures',
    title: (messages) => messages.summary.procedures,
    current: (resource) => elementsAt(resource, 'status').includes('completed'),
    dated: true,
    maxLines: 10,
  },
  {
    section: 'devices',
    title: (messages) => messages.summary.devices,
    current: hasOtherStatus('status', ['inactive']),
    qualifier: (resource, reader) =>
      elementsAt(resource, 'status').includes('active')
        ? undefined
        : (formatStatus(resource, reader) ?? reader.messages.notKnown),
    facts: ['maker', 'model'],
    maxLines: 10,
  },
  // The member number is left out, because people pass the summary on and it only needs to name the payer.
  {
    section: 'insurance',
    title: (messages) => messages.summary.coverage,
    types: ['Coverage'],
    current: isCoverageActive,
    facts: ['plan'],
    maxLines: 5,
  },
];

/** Renders each list of the summary, such as problems and medicines, as a section of the page. */
export async function renderSummaryLists(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
): Promise<readonly Html[]> {
  const sections: Html[] = [];
  for (const list of SUMMARY_LISTS)
    sections.push(renderSummaryList(context, list, await summaryLines(deps, context, list)));
  return sections;
}

interface SummaryLine {
  readonly title: string;
  readonly detail: string;
}

/** Loads the lines of a list. Entries with the same title become one line with the most recent details. */
async function summaryLines(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  list: SummaryList,
): Promise<readonly SummaryLine[]> {
  const groups = RECORD_SECTIONS[list.section] ?? [];
  const selected = groups.filter(({ type }) => list.types === undefined || list.types.includes(type));
  const lines: SummaryLine[] = [];
  for (const group of selected) lines.push(...(await groupLines(deps, context, list, group)));
  return [...Map.groupBy(lines, ({ title }) => title)].map(([title, same]) => mergeLines(title, same));
}

/** Whether the resource is neither entered in error nor refuted. */
const isConfirmed = (resource: unknown): boolean => !isEnteredInError(resource) && !isRefuted(resource);

async function groupLines(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  list: SummaryList,
  { type, describe }: SectionGroup,
): Promise<readonly SummaryLine[]> {
  const { patientRecord } = context.messages;
  const now = deps.clock.now();
  const lines: SummaryLine[] = [];
  for await (const rows of readAllOfType(deps.db, context.accountRecord, type)) {
    const read = rows.map(({ content }) => ({ content, resource: parseJson(content) }));
    const included = read.filter(({ resource }) => isConfirmed(resource) && list.current(resource, now));
    const names = await loadReferenceNames(
      deps,
      context.accountRecord,
      included,
      createResourceReader(context, patientRecord),
    );
    const reader = createResourceReader(context, patientRecord, names);
    lines.push(...included.map(({ resource }) => toSummaryLine(resource, describe(resource, reader), list, reader)));
  }
  return lines;
}

function mergeLines(title: string, duplicates: readonly SummaryLine[]): SummaryLine {
  const details = [...new Set(duplicates.map(({ detail }) => detail))].filter((detail) => detail !== '');
  return { title, detail: details.slice(0, MAX_DETAILS).join('; ') };
}

/**
 * Builds a line of the summary. After the title it shows how a medicine is taken, which reactions an allergy causes, or
 * when something happened.
 */
function toSummaryLine(
  resource: unknown,
  { title, date, facts }: RecordEntryText,
  { facts: selected = [], qualifier, dated }: SummaryList,
  reader: ResourceReader,
): SummaryLine {
  const { messages } = reader;
  const labels = selected.map((name) => messages.labels[name]);
  const factValues = facts.flatMap(([label, value]) => (labels.includes(label) && value !== undefined ? [value] : []));
  const qualification = qualifier?.(resource, reader);
  const detail = [
    ...(qualification === undefined ? [] : [qualification]),
    ...factValues,
    ...(dated === true ? [date ?? messages.dateUnknown] : []),
  ].join('. ');
  return { title: title ?? messages.notNamed, detail };
}

function renderSummaryList({ messages }: PatientPortalContext, list: SummaryList, lines: readonly SummaryLine[]): Html {
  const { patientRecord: w } = messages;
  const { section, maxLines } = list;
  if (lines.length === 0 && maxLines !== undefined) return emptyHtml;
  const none = (w.none as Readonly<Record<string, string>>)[section] ?? w.nothing;
  const visibleLines = lines.slice(0, maxLines ?? MAX_LINES);
  const items = visibleLines.map(
    (line) => html`<li><b>${line.title}</b>${line.detail === '' ? '' : html`: ${line.detail}`}</li>`,
  );
  const rest =
    lines.length === visibleLines.length ? '' : html`<li>${w.summary.more(lines.length - visibleLines.length)}</li>`;
  return html`
<section><h2>${list.title(w)}</h2>${items.length === 0 ? html`<p>${none}</p>` : html`<ul>${items}${rest}</ul>`}</section>`;
}
