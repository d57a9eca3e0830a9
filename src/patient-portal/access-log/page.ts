import {
  type AccessLogEntry,
  type AppReadsSummary,
  type EventPage,
  MAX_COUNTED_EVENTS,
  WITHOUT_APP,
} from '../../audit/index.ts';
import { formatLongDate, formatTime, getMessages } from '../../i18n/index.ts';
import { attribute, type Html, html } from '../../kernel/index.ts';
import { errorSummary, pageTitle, textField } from '../../web-pages/index.ts';
import { formatMinute, toIsoDate } from '../date-format.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { renderPortalPage } from '../portal-page.ts';
import { sanitizeText } from '../sanitize-text.ts';
import { type AccessLogEntryText, formatApp } from './entry-text.ts';
import { type AccessLogRequest, toSearchQuery } from './filter.ts';

export interface AccessLogPage {
  readonly request: AccessLogRequest;
  /** Log entries that were found. undefined if the search form had errors and the search didn't run. */
  readonly found: EventPage<AccessLogEntry> | undefined;
  /** Reads by app in the latest period. undefined on pages of a search and on later pages. */
  readonly summary: AppReadsSummary | undefined;
  readonly apps: readonly { readonly clientId: string; readonly app: string }[];
  /** R4 names of the resource types that the form offers to search for. */
  readonly kinds: readonly string[];
  format(entry: AccessLogEntry): AccessLogEntryText;
}

export function renderAccessLogPage(context: PatientPortalContext, page: AccessLogPage): Html {
  const { messages, patientName, pageContext } = context;
  const { accessLog: w } = messages;
  const { request, found } = page;
  const body = html`
${errorSummary(pageContext, request.errors)}
<h1>${w.title(patientName)}</h1>
${page.summary === undefined ? '' : summarySection(context, page.summary)}
<p>${w.lead}</p>
${found?.entries.some(({ madeUp }) => madeUp) === true && html`<p class="note">${w.examplesNote}</p>`}
${searchForm(context, page)}
${found === undefined ? '' : renderEntries(context, page, found)}
${found === undefined ? '' : downloadLinks(context, page)}
<p class="note">${w.unexpectedEntry} <a href="${context.basePath}/apps">${messages.apps}</a></p>`;
  return renderPortalPage(context, {
    title: pageTitle(pageContext, request.errors, w.title(patientName)),
    body,
    section: '/log',
  });
}

/** Renders which apps read the record in the latest period, how often, and when last. */
function summarySection(context: PatientPortalContext, { apps, isComplete }: AppReadsSummary): Html {
  const { messages, basePath } = context;
  const { accessLog: w } = messages;
  const items = apps.map(
    ({ clientId, reads, last, ...app }) =>
      html`<li><b><a href="${basePath}/log?${new URLSearchParams({ app: clientId })}">${formatApp(app, w)}</a></b><p>${w.summary.app(reads, formatMinute(context, last))}</p></li>`,
  );
  return html`
<section class="card log-summary"><h2>${w.summary.title}</h2>
${items.length === 0 ? html`<p>${w.summary.none}</p>` : html`<ul class="list">${items}</ul>`}
${!isComplete && html`<p class="hint">${w.summary.most(MAX_COUNTED_EVENTS)}</p>`}</section>`;
}

/**
 * Renders the search form. It uses GET and works without scripts. Its URL can be bookmarked and shared because it
 * contains no health data.
 */
function searchForm(context: PatientPortalContext, { request, apps, kinds }: AccessLogPage): Html {
  const { basePath, pageContext, messages } = context;
  const { accessLog: w } = messages;
  const { fields, errors } = request;
  const labels = getMessages(pageContext.language).dataCategories;
  const named = {
    ...Object.fromEntries(Object.entries(labels.types).map(([type, { label }]) => [type, label])),
    ...labels.supporting,
  };
  const appChoices = [
    ...apps.map(({ clientId, app }) => [clientId, sanitizeText(app, 80)] as const),
    ...(context.session.published ? [] : [[WITHOUT_APP, w.withoutApp] as const]),
  ];
  const kindChoices = kinds.flatMap((type) => {
    const label = (named as Readonly<Record<string, string>>)[type];
    return label === undefined ? [] : [[type, label] as const];
  });
  const day = (name: 'from' | 'to') =>
    html`<div>${textField(pageContext, { name, label: w[name], value: fields[name], type: 'date', narrow: true }, errors)}</div>`;
  const searched = toSearchQuery(fields) !== '';
  return html`
<details class="filter" ${attribute('open', searched || errors.length > 0)}><summary>${w.filter}</summary>
<form method="get" action="${basePath}/log" role="search">
  ${selectField('app', w.app, w.anyApp, appChoices, fields.app)}
  ${selectField('kind', w.kind, w.anyKind, kindChoices, fields.kind)}
  ${day('from')}${day('to')}
  <button>${w.show}</button>
</form>
${searched ? html`<p class="after"><a href="${basePath}/log">${w.clear}</a></p>` : ''}
</details>`;
}

function selectField(
  name: string,
  label: string,
  any: string,
  choices: readonly (readonly [value: string, label: string])[],
  chosen: string,
): Html {
  const options = [['', any] as const, ...choices].map(
    ([value, text]) => html`<option value="${value}" ${attribute('selected', value === chosen)}>${text}</option>`,
  );
  return html`
  <div><label for="${name}">${label}</label>
  <select id="${name}" name="${name}">${options}</select></div>`;
}

function renderEntries(
  context: PatientPortalContext,
  { request, format }: AccessLogPage,
  { entries, next, isStopped }: EventPage<AccessLogEntry>,
): Html {
  const { messages, basePath, record, pageContext } = context;
  const { accessLog: w } = messages;
  const first =
    request.after === undefined
      ? ''
      : html`<p><a href="${basePath}/log${toSearchQuery(request.fields)}">${w.newest}</a></p>`;
  const older =
    next === undefined
      ? ''
      : html`<p><a class="button secondary" rel="next" href="${basePath}/log${toSearchQuery(request.fields, next)}">${w.older}</a></p>`;
  if (next !== undefined && isStopped) {
    const until = w.searchedTo(formatLongDate(pageContext.language, next.at, record.timeZone));
    const days = groupByDay(context, entries, { format, isOpen: true });
    return html`${first}${days}<p class="hint" role="status">${until}</p>${older}`;
  }
  if (entries.length === 0) {
    const searched = request.after !== undefined || toSearchQuery(request.fields) !== '';
    return html`${first}<p class="empty-state">${searched ? w.noneFound : w.none}</p>`;
  }
  const days = groupByDay(context, entries, { format, isOpen: toSearchQuery(request.fields) !== '' });
  return html`
${first}${days}
${next === undefined ? '' : html`<p class="hint">${w.continued}</p>`}${older}`;
}

function groupByDay(
  context: PatientPortalContext,
  entries: readonly AccessLogEntry[],
  options: DayOptions,
): readonly Html[] {
  const days = Map.groupBy(entries, ({ at }) => toIsoDate(at, context.record.timeZone));
  return [...days.values()].map((dayEntries) => daySection(context, dayEntries, options));
}

interface DayOptions extends Pick<AccessLogPage, 'format'> {
  /** Whether the entries of each app are shown at once. */
  readonly isOpen: boolean;
}

/** Renders the entries of a day by app. */
function daySection(context: PatientPortalContext, entries: readonly AccessLogEntry[], options: DayOptions): Html {
  const { pageContext, record } = context;
  const day = entries[0] === undefined ? '' : formatLongDate(pageContext.language, entries[0].at, record.timeZone);
  const groups = Map.groupBy(entries, (entry) => options.format(entry).group);
  return html`
<section class="log-day"><h2>${day}</h2>
${[...groups].map(([name, own]) => appGroup(context, { name, day, entries: own }, options))}</section>`;
}

interface AppGroup {
  readonly name: string;
  readonly day: string;
  readonly entries: readonly AccessLogEntry[];
}

function appGroup(
  context: PatientPortalContext,
  { name, day, entries }: AppGroup,
  { format, isOpen }: DayOptions,
): Html {
  const { messages, pageContext, record } = context;
  const { accessLog: w } = messages;
  const denied = entries.filter((entry) => format(entry).denied).length;
  const time = entries[0] === undefined ? '' : formatTime(pageContext.language, entries[0].at, record.timeZone);
  return html`
<details class="log-group" ${attribute('open', isOpen)}><summary><b>${name}</b> <span>${w.ofDay(entries.length - denied, time)}</span>${denied > 0 && html` <span class="tag danger">${w.groupDenied(denied)}</span>`}</summary>
${entryTable(context, `${day}, ${name}`, { entries, format })}</details>`;
}

function entryTable(
  { messages, pageContext, record }: PatientPortalContext,
  caption: string,
  { entries, format }: { readonly entries: readonly AccessLogEntry[] } & Pick<AccessLogPage, 'format'>,
): Html {
  const { columns } = messages.accessLog;
  const rows = entries.map((entry) => {
    const { reader, description, entries: count, outcome, denied } = format(entry);
    const cells: readonly (readonly [name: keyof typeof columns, text: string | Html])[] = [
      ['time', formatTime(pageContext.language, entry.at, record.timeZone)],
      ['who', reader],
      ['what', description],
      ['entries', count],
      ['outcome', denied ? html`<span class="tag danger">${outcome}</span>` : outcome],
    ];
    return html`<tr role="row">${cells.map(([name, text]) => html`<td role="cell" class="${name}" data-name="${columns[name]}">${text}</td>`)}</tr>`;
  });
  const head = Object.entries(columns).map(
    ([name, text]) => html`<th scope="col" role="columnheader" class="${name}">${text}</th>`,
  );
  // Narrow windows lay the rows out as a list. The roles keep them a table for screen readers.
  return html`
<table class="log" role="table"><caption class="visually-hidden">${caption}</caption><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${rows}</tbody></table>`;
}

function downloadLinks({ messages, basePath }: PatientPortalContext, { request }: AccessLogPage): Html {
  const { accessLog: w } = messages;
  const search = toSearchQuery(request.fields);
  return html`
<h2 class="section-title">${w.save}</h2>
<ul class="actions">
  <li><a class="button secondary" href="${basePath}/log/csv${search}">${w.saveCsv}</a></li>
  <li><a class="button secondary" href="${basePath}/log/fhir${search}">${w.saveFhir}</a></li>
</ul>`;
}
