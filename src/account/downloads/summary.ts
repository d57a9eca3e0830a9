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

/** What fits on a page of paper. */
const MOST_RESULTS = 16;
/** Looked through for the latest of each result. */
const LOOKED_AT = 500;

/** One page for a doctor, or for oneself. */
export async function summaryPage(deps: AccountDeps, place: Place): Promise<string> {
  const { words, record, frame, base } = place;
  const { summary: w } = words.own;
  const name = plain(record.personName);
  const reader = readerFor(place, words.own);
  const lists = await summaryLists(deps, place);
  const made = w.made(whenOf(place, deps.clock.now()), record.practiceName);
  const body = html`
<p class="back screen"><a href="${base}/downloads">${words.downloads}</a></p>
<h1>${name}</h1>
<p class="lead">${record.birthDate === null ? '' : w.born(birthDateOf(frame.language, record.birthDate))}</p>
<p class="hint">${made} ${w.limits} <span class="screen">${w.print}</span></p>
<div class="columns">!${lists.join('')}!${await latestResults(deps, place, reader)}!${contactSection(place)}</div>`;
  return layout(frame, { title: w.title, body, wide: true });
}

async function latestResults({ db }: AccountDeps, place: Place, reader: Reader): Promise<string> {
  const { own: w } = place.words;
  const rows = await ownOfType(db, place.whose, 'Observation', { limit: LOOKED_AT });
  const resources = rows
    .map(({ content }) => parseJson(content))
    .filter((resource) => groupOf(resource) !== 'other' && isResult(resource));
  const series = seriesOf(resources.flatMap((resource) => observed(resource, reader) ?? []));
  const items = series.slice(0, MOST_RESULTS).map(resultLine);
  return html`
<section><h2>${w.summary.latest}</h2>!${items.length === 0 ? html`<p>${w.nothing}</p>` : html`<ul>!${items.join('')}</ul>`}</section>`;
}

/** Neither called off nor still to come, and about the patient. */
const isResult = (observation: unknown): boolean =>
  !isAboutAnother(observation) &&
  !elementsAt(observation, 'status').some((code) => code === 'cancelled' || code === 'registered');

function resultLine({ name, all }: Series): string {
  const [latest] = all;
  if (latest === undefined) return '';
  const { value, when, flag } = latest;
  return html`<li><b>${name}</b>: ${value}!${flag === undefined ? '' : html` (${flag})`}, ${when}</li>`;
}

function contactSection({ words, frame }: Place): string {
  const { name, phone, email, website } = frame.brand;
  const lines = [name, phone, email, website].filter((line) => line !== undefined);
  return html`
<section><h2>${words.own.summary.contact}</h2><p>!${lines.map((line) => html`${line}`).join('<br>')}</p></section>`;
}
