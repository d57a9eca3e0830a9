import { elementsAt, hasOtherFocus, listRecordEntries, parseJson } from '../../fhir/index.ts';
import { formatBirthDate, getMessages } from '../../i18n/index.ts';
import { emptyHtml, type Html, html, joinHtml } from '../../kernel/index.ts';
import { layout, PRINT_SCRIPTS, printButton } from '../../web-pages/index.ts';
import { formatMinute } from '../date-format.ts';
import type { PatientPortalDeps } from '../deps.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { observationSection, toObservedValue } from '../record/observation.ts';
import { createResourceReader, type ResourceReader } from '../record/resource-reader.ts';
import { groupIntoSeries, type ObservationSeries } from '../record/series.ts';
import { sanitizeText } from '../sanitize-text.ts';
import { renderSummaryLists } from './summary-lists.ts';

/** Maximum number of results, such as laboratory values, on the summary. It keeps the summary to one printed page. */
const MAX_RESULTS = 16;
/** Number of most recent observations that are searched for the latest value of each result. */
const OBSERVATIONS_READ = 500;

/** Renders the printable one-page summary of the record. */
export async function renderSummaryPage(deps: PatientPortalDeps, context: PatientPortalContext): Promise<Html> {
  const { messages, record, pageContext, basePath } = context;
  const { summary: w } = messages.patientRecord;
  const name = sanitizeText(record.personName);
  const reader = createResourceReader(context, messages.patientRecord);
  const lists = await renderSummaryLists(deps, context);
  const made = w.made(formatMinute(context, deps.clock.now()), record.practiceName);
  const body = html`
<p class="back screen"><a href="${basePath}/downloads">${messages.downloads}</a></p>
<h1>${name}</h1>
<p class="lead">${record.birthDate === null ? '' : w.born(formatBirthDate(pageContext.language, record.birthDate))}</p>
<p class="hint">${made} ${w.limits}</p>
${printButton(getMessages(pageContext.language).common.print, w.print)}
<div class="columns">${lists}${await latestResults(deps, context, reader)}${contactSection(context)}</div>`;
  return layout(pageContext, { title: w.title, body, scripts: PRINT_SCRIPTS });
}

async function latestResults(
  { db }: PatientPortalDeps,
  context: PatientPortalContext,
  reader: ResourceReader,
): Promise<Html> {
  const { patientRecord: w } = context.messages;
  const rows = await listRecordEntries(db, context.accountRecord, 'Observation', { limit: OBSERVATIONS_READ });
  const resources = rows
    .map(({ content }) => parseJson(content))
    .filter((resource) => observationSection(resource) !== 'other' && isResult(resource));
  const series = groupIntoSeries(resources.flatMap((resource) => toObservedValue(resource, reader) ?? []));
  const items = series.slice(0, MAX_RESULTS).map(resultLine);
  return html`
<section><h2>${w.summary.latest}</h2>${items.length === 0 ? html`<p>${w.nothing}</p>` : html`<ul>${items}</ul>`}</section>`;
}

/** Whether the observation is about the patient and is neither cancelled nor pending. */
const isResult = (observation: unknown): boolean =>
  !hasOtherFocus(observation) &&
  !elementsAt(observation, 'status').some((code) => code === 'cancelled' || code === 'registered');

function resultLine({ name, all }: ObservationSeries): Html {
  const [latest] = all;
  if (latest === undefined) return emptyHtml;
  const { value, when, flag } = latest;
  return html`<li><b>${name}</b>: ${value}${flag === undefined ? '' : html` (${flag})`}, ${when}</li>`;
}

function contactSection({ messages, pageContext }: PatientPortalContext): Html {
  const { name, phone, email, website } = pageContext.brand;
  const lines = [name, phone, email, website].filter((line) => line !== undefined);
  return html`
<section><h2>${messages.patientRecord.summary.contact}</h2><p>${joinHtml(
    lines.map((line) => html`${line}`),
    html`<br>`,
  )}</p></section>`;
}
