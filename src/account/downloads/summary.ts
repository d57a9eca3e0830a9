import { html } from 'ghtml';
import { elementsAt, isAboutAnother, ownOfType, parseJson } from '../../fhir/index.ts';
import { layout } from '../../pages/index.ts';
import { birthDateOf } from '../../words/index.ts';
import type { AccountDeps } from '../deps.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import { groupOf, observed } from '../record/observation.ts';
import { type Series, seriesOf } from '../record/series.ts';
import { type Reader, readerFor } from '../record/values.ts';
import { whenOf } from '../times.ts';
import { summaryLists } from './summary-lists.ts';

/** Keeps the summary to one printed page. */
const MOST_RESULTS = 16;
/** Most recent observations searched for the latest value of each result. */
const LOOKED_AT = 500;

/** Renders the printable one-page summary of the record. */
export async function summaryPage(deps: AccountDeps, context: Place): Promise<string> {
  const { words: messages, record, frame: pageContext, base: basePath } = context;
  const { summary: w } = messages.own;
  const name = plain(record.personName);
  const reader = readerFor(context, messages.own);
  const lists = await summaryLists(deps, context);
  const made = w.made(whenOf(context, deps.clock.now()), record.practiceName);
  const body = html`
<p class="back screen"><a href="${basePath}/downloads">${messages.downloads}</a></p>
<h1>${name}</h1>
<p class="lead">${record.birthDate === null ? '' : w.born(birthDateOf(pageContext.language, record.birthDate))}</p>
<p class="hint">${made} ${w.limits} <span class="screen">${w.print}</span></p>
<div class="columns">!${lists.join('')}!${await latestResults(deps, context, reader)}!${contactSection(context)}</div>`;
  return layout(pageContext, { title: w.title, body, wide: true });
}

async function latestResults({ db }: AccountDeps, context: Place, reader: Reader): Promise<string> {
  const { own: w } = context.words;
  const rows = await ownOfType(db, context.whose, 'Observation', { limit: LOOKED_AT });
  const resources = rows
    .map(({ content }) => parseJson(content))
    .filter((resource) => groupOf(resource) !== 'other' && isResult(resource));
  const series = seriesOf(resources.flatMap((resource) => observed(resource, reader) ?? []));
  const items = series.slice(0, MOST_RESULTS).map(resultLine);
  return html`
<section><h2>${w.summary.latest}</h2>!${items.length === 0 ? html`<p>${w.nothing}</p>` : html`<ul>!${items.join('')}</ul>`}</section>`;
}

/** Whether the observation is about the patient and is neither cancelled nor pending. */
const isResult = (observation: unknown): boolean =>
  !isAboutAnother(observation) &&
  !elementsAt(observation, 'status').some((code) => code === 'cancelled' || code === 'registered');

function resultLine({ name, all }: Series): string {
  const [latest] = all;
  if (latest === undefined) return '';
  const { value, when, flag } = latest;
  return html`<li><b>${name}</b>: ${value}!${flag === undefined ? '' : html` (${flag})`}, ${when}</li>`;
}

function contactSection({ words: messages, frame: pageContext }: Place): string {
  const { name, phone, email, website } = pageContext.brand;
  const lines = [name, phone, email, website].filter((line) => line !== undefined);
  return html`
<section><h2>${messages.own.summary.contact}</h2><p>!${lines.map((line) => html`${line}`).join('<br>')}</p></section>`;
}
