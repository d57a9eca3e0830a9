import { html } from 'ghtml';
import { type LoggedRead, WITHOUT_APP } from '../../audit/index.ts';
import { errorSummary, textField, titleWith } from '../../pages/index.ts';
import { dayOf, timeOf, wordsIn } from '../../words/index.ts';
import { accountPage } from '../page.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import { isoDayOf } from '../times.ts';
import type { EntryWords } from './entry-words.ts';
import { type AskedLog, searchOf } from './filter.ts';

export interface LogPage {
  readonly asked: AskedLog;
  /** undefined when the search had errors and didn't run. */
  readonly entries: readonly LoggedRead[] | undefined;
  readonly more: boolean;
  readonly apps: readonly { readonly clientId: string; readonly app: string }[];
  /** Stored types that can be searched for. */
  readonly kinds: readonly string[];
  tell(entry: LoggedRead): EntryWords;
}

export function logPage(context: Place, page: LogPage): string {
  const { words: messages, who: patientName, frame: pageContext } = context;
  const { reads: w } = messages;
  const { asked: request, entries } = page;
  const body = html`
!${errorSummary(pageContext, request.faults)}
<h1>${w.title(patientName)}</h1>
<p>${w.lead}</p>
!${searchForm(context, page)}
!${entries === undefined ? '' : listOf(context, page, entries)}
!${entries === undefined ? '' : savings(context, page)}
<p class="quiet">${w.wrongYou} <a href="${context.base}/apps">${messages.apps}</a></p>`;
  return accountPage(context, {
    title: titleWith(pageContext, request.faults, w.title(patientName)),
    body,
    under: '/log',
    wide: true,
  });
}

/**
 * The form uses GET and works without scripts. Its address can be bookmarked and shared because it contains no health
 * data.
 */
function searchForm(context: Place, { asked: request, apps, kinds }: LogPage): string {
  const { base: basePath, frame: pageContext, words: messages } = context;
  const { reads: w } = messages;
  const { fields, faults } = request;
  const labels = wordsIn(pageContext.language).kinds;
  const named = {
    ...Object.fromEntries(Object.entries(labels.types).map(([type, { label }]) => [type, label])),
    ...labels.supporting,
  };
  const appChoices = [
    ...apps.map(({ clientId, app }) => [clientId, plain(app, 80)] as const),
    ...(context.session.published ? [] : [[WITHOUT_APP, w.withoutApp] as const]),
  ];
  const kindChoices = kinds.flatMap((type) => {
    const label = (named as Readonly<Record<string, string>>)[type];
    return label === undefined ? [] : [[type, label] as const];
  });
  const day = (name: 'from' | 'to') =>
    textField(pageContext, { name, label: w[name], value: fields[name], type: 'date', narrow: true }, faults);
  const searched = searchOf(fields) !== '';
  return html`
<details class="search" !${searched || faults.length > 0 ? 'open' : ''}><summary>${w.filter}</summary>
<form method="get" action="${basePath}/log" role="search">
  !${choice('app', w.app, w.anyApp, appChoices, fields.app)}
  !${choice('kind', w.kind, w.anyKind, kindChoices, fields.kind)}
  !${day('from')}!${day('to')}
  <button>${w.show}</button>
</form>
!${searched ? html`<p><a href="${basePath}/log">${w.clear}</a></p>` : ''}
</details>`;
}

function choice(
  name: string,
  label: string,
  any: string,
  choices: readonly (readonly [value: string, label: string])[],
  chosen: string,
): string {
  const options = [['', any] as const, ...choices].map(
    ([value, text]) => html`<option value="${value}" !${value === chosen ? 'selected' : ''}>${text}</option>`,
  );
  return html`
  <label for="${name}">${label}</label>
  <select id="${name}" name="${name}">!${options.join('')}</select>`;
}

function listOf(
  context: Place,
  { asked: request, more, tell: format }: LogPage,
  entries: readonly LoggedRead[],
): string {
  const { words: messages, base: basePath, record } = context;
  const { reads: w } = messages;
  const first =
    request.after === undefined
      ? ''
      : html`<p><a href="${basePath}/log${searchOf(request.fields)}">${w.newest}</a></p>`;
  if (entries.length === 0) {
    const searched = request.after !== undefined || searchOf(request.fields) !== '';
    return html`!${first}<p class="lead">${searched ? w.noneFound : w.none}</p>`;
  }
  const days = Map.groupBy(entries, ({ at }) => isoDayOf(at, record.timeZone));
  const last = entries.at(-1);
  const older = more && last !== undefined ? `${basePath}/log${searchOf(request.fields, last)}` : undefined;
  return html`
!${first}!${[...days].map(([, dayEntries]) => dayTable(context, dayEntries, format)).join('')}
!${older === undefined ? '' : html`<p><a class="button second" rel="next" href="${older}">${w.older}</a></p>`}`;
}

function dayTable(context: Place, entries: readonly LoggedRead[], format: LogPage['tell']): string {
  const { words: messages, frame: pageContext, record } = context;
  const { columns } = messages.reads;
  const day = entries[0] === undefined ? '' : dayOf(pageContext.language, entries[0].at, record.timeZone);
  const rows = entries.map((entry) => {
    const { who: patientName, what, entries: count, outcome, refused } = format(entry);
    const cells = [
      [columns.time, timeOf(pageContext.language, entry.at, record.timeZone)],
      [columns.who, patientName],
      [columns.what, what],
      [columns.entries, count],
      [columns.outcome, outcome],
    ] as const;
    const tableCells = cells.map(([name, text]) => html`<td data-name="${name}">${text}</td>`);
    return html`<tr !${refused ? 'class="refused"' : ''}>!${tableCells.join('')}</tr>`;
  });
  const head = Object.values(columns).map((name) => html`<th scope="col">${name}</th>`);
  return html`
<table class="stack"><caption>${day}</caption><thead><tr>!${head.join('')}</tr></thead><tbody>!${rows.join('')}</tbody></table>`;
}

function savings({ words: messages, base: basePath }: Place, { asked: request }: LogPage): string {
  const { reads: w } = messages;
  const search = searchOf(request.fields);
  return html`
<h2>${w.save}</h2>
<ul class="list">
  <li><a href="${basePath}/log/csv${search}">${w.saveCsv}</a></li>
  <li><a href="${basePath}/log/fhir${search}">${w.saveFhir}</a></li>
</ul>`;
}
