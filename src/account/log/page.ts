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
  /** undefined: the search has a fault, and nothing was looked for. */
  readonly entries: readonly LoggedRead[] | undefined;
  readonly more: boolean;
  readonly apps: readonly { readonly clientId: string; readonly app: string }[];
  /** Types by stored name that can be looked for. */
  readonly kinds: readonly string[];
  tell(entry: LoggedRead): EntryWords;
}

export function logPage(place: Place, page: LogPage): string {
  const { words, who, frame } = place;
  const { reads: w } = words;
  const { asked, entries } = page;
  const body = html`
!${errorSummary(frame, asked.faults)}
<h1>${w.title(who)}</h1>
<p>${w.lead}</p>
!${searchForm(place, page)}
!${entries === undefined ? '' : listOf(place, page, entries)}
!${entries === undefined ? '' : savings(place, page)}
<p class="quiet">${w.wrongYou} <a href="${place.base}/apps">${words.apps}</a></p>`;
  return accountPage(place, { title: titleWith(frame, asked.faults, w.title(who)), body, under: '/log', wide: true });
}

/** Sent by address, without a script: it can be kept and shared, and holds no health data. */
function searchForm(place: Place, { asked, apps, kinds }: LogPage): string {
  const { base, frame, words } = place;
  const { reads: w } = words;
  const { fields, faults } = asked;
  const labels = wordsIn(frame.language).kinds;
  const named = {
    ...Object.fromEntries(Object.entries(labels.types).map(([type, { label }]) => [type, label])),
    ...labels.supporting,
  };
  const appChoices = [
    ...apps.map(({ clientId, app }) => [clientId, plain(app, 80)] as const),
    ...(place.session.published ? [] : [[WITHOUT_APP, w.withoutApp] as const]),
  ];
  const kindChoices = kinds.flatMap((type) => {
    const label = (named as Readonly<Record<string, string>>)[type];
    return label === undefined ? [] : [[type, label] as const];
  });
  const day = (name: 'from' | 'to') =>
    textField(frame, { name, label: w[name], value: fields[name], type: 'date', narrow: true }, faults);
  const searched = searchOf(fields) !== '';
  return html`
<details class="search" !${searched || faults.length > 0 ? 'open' : ''}><summary>${w.filter}</summary>
<form method="get" action="${base}/log" role="search">
  !${choice('app', w.app, w.anyApp, appChoices, fields.app)}
  !${choice('kind', w.kind, w.anyKind, kindChoices, fields.kind)}
  !${day('from')}!${day('to')}
  <button>${w.show}</button>
</form>
!${searched ? html`<p><a href="${base}/log">${w.clear}</a></p>` : ''}
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

function listOf(place: Place, { asked, more, tell }: LogPage, entries: readonly LoggedRead[]): string {
  const { words, base, record } = place;
  const { reads: w } = words;
  const first =
    asked.after === undefined ? '' : html`<p><a href="${base}/log${searchOf(asked.fields)}">${w.newest}</a></p>`;
  if (entries.length === 0) {
    const searched = asked.after !== undefined || searchOf(asked.fields) !== '';
    return html`!${first}<p class="lead">${searched ? w.noneFound : w.none}</p>`;
  }
  const days = Map.groupBy(entries, ({ at }) => isoDayOf(at, record.timeZone));
  const last = entries.at(-1);
  const older = more && last !== undefined ? `${base}/log${searchOf(asked.fields, last)}` : undefined;
  return html`
!${first}!${[...days].map(([, own]) => dayTable(place, own, tell)).join('')}
!${older === undefined ? '' : html`<p><a class="button second" rel="next" href="${older}">${w.older}</a></p>`}`;
}

function dayTable(place: Place, entries: readonly LoggedRead[], tell: LogPage['tell']): string {
  const { words, frame, record } = place;
  const { columns } = words.reads;
  const day = entries[0] === undefined ? '' : dayOf(frame.language, entries[0].at, record.timeZone);
  const rows = entries.map((entry) => {
    const { who, what, entries: count, outcome, refused } = tell(entry);
    const cells = [
      [columns.time, timeOf(frame.language, entry.at, record.timeZone)],
      [columns.who, who],
      [columns.what, what],
      [columns.entries, count],
      [columns.outcome, outcome],
    ] as const;
    const shown = cells.map(([name, text]) => html`<td data-name="${name}">${text}</td>`);
    return html`<tr !${refused ? 'class="refused"' : ''}>!${shown.join('')}</tr>`;
  });
  const head = Object.values(columns).map((name) => html`<th scope="col">${name}</th>`);
  return html`
<table class="stack"><caption>${day}</caption><thead><tr>!${head.join('')}</tr></thead><tbody>!${rows.join('')}</tbody></table>`;
}

function savings({ words, base }: Place, { asked }: LogPage): string {
  const { reads: w } = words;
  const search = searchOf(asked.fields);
  return html`
<h2>${w.save}</h2>
<ul class="list">
  <li><a href="${base}/log/csv${search}">${w.saveCsv}</a></li>
  <li><a href="${base}/log/fhir${search}">${w.saveFhir}</a></li>
</ul>`;
}
