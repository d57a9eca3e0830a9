import { html } from 'ghtml';
import { type DatedEntry, elementsAt, ownOfType, parseJson } from '../../fhir/index.ts';
import { layout } from '../../pages/index.ts';
import { birthDateOf } from '../../words/index.ts';
import type { AccountDeps } from '../deps.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import { groupOf, observed } from '../record/observation.ts';
import { isMistake, SECTIONS, type SectionName } from '../record/sections.ts';
import { type Series, seriesOf } from '../record/series.ts';
import { type Reader, readerFor } from '../record/values.ts';
import { whenOf } from '../times.ts';

/** What fits on a page of paper. */
const MOST = 25;
const MOST_RESULTS = 16;
const MOST_DETAILS = 3;
/** Looked through for the latest of each result. */
const LOOKED_AT = 500;
/** Fetched together: what is current is looked for in all there is, however old it is. */
const CHUNK = 500;

interface Listed {
  readonly lines: readonly { readonly title: string; readonly detail: string }[];
  readonly more: number;
}

/** One page for a doctor, or for oneself. */
export async function summaryPage(deps: AccountDeps, place: Place): Promise<string> {
  const { words, record, frame, base } = place;
  const { summary: w, sections } = words.own;
  const name = plain(record.personName);
  const reader = readerFor(place, words.own);
  const list = (section: SectionName, title: string, current: (resource: unknown) => boolean) =>
    listed(deps, place, reader, section, current).then((found) => listSection(place, section, title, found));
  const lists = [
    await list('allergies', sections.allergies, isNot('clinicalStatus.coding.code', ['inactive', 'resolved'])),
    await list('medicines', w.current, (resource) => elementsAt(resource, 'status').includes('active')),
    await list('problems', w.problems, isOnProblemList),
    await list('vaccinations', sections.vaccinations, isNot('status', ['not-done'])),
  ];
  const made = w.made(whenOf(place, deps.clock.now()), record.practiceName);
  const body = html`
<p class="back screen"><a href="${base}/downloads">${words.downloads}</a></p>
<h1>${name}</h1>
<p class="lead">${record.birthDate === null ? '' : w.born(birthDateOf(frame.language, record.birthDate))}</p>
<p class="hint">${made} ${w.limits} <span class="screen">${w.print}</span></p>
<div class="columns">!${lists.join('')}!${await latestResults(deps, place, reader)}!${contactSection(place)}</div>`;
  return layout(frame, { title: w.title, body, wide: true });
}

/** Unless its status says that it is over, it may not be. */
const isNot = (path: string, over: readonly string[]) => (resource: unknown) =>
  !elementsAt(resource, path).some((code) => over.includes(String(code)));

const isCurrent = isNot('clinicalStatus.coding.code', ['inactive', 'remission', 'resolved']);

/** What was found at a visit is on the problem list too if it is one that lasts. */
function isOnProblemList(resource: unknown): boolean {
  const categories = elementsAt(resource, 'category.coding.code');
  return isCurrent(resource) && (categories.length === 0 || categories.some((code) => code !== 'encounter-diagnosis'));
}

async function listed(
  { db }: AccountDeps,
  { whose }: Place,
  reader: Reader,
  name: SectionName,
  current: (resource: unknown) => boolean,
): Promise<Listed> {
  const found: ReturnType<typeof lineOf>[] = [];
  for await (const rows of everyOfType(db, whose, SECTIONS[name]?.type)) {
    const resources = rows.map(({ content }) => parseJson(content));
    const shown = resources.filter((resource) => !isMistake(resource) && current(resource));
    found.push(...shown.map((resource) => lineOf(resource, name, reader)));
  }
  const lines = [...Map.groupBy(found, ({ title }) => title)].map(([title, same]) => together(title, same));
  return { lines: lines.slice(0, MOST), more: Math.max(0, lines.length - MOST) };
}

/** The newest first. */
async function* everyOfType(
  db: AccountDeps['db'],
  whose: Place['whose'],
  type: string | undefined,
): AsyncGenerator<readonly DatedEntry[]> {
  if (type === undefined) return;
  for (let after: DatedEntry | undefined; ; ) {
    const rows: readonly DatedEntry[] = await ownOfType(db, whose, type, { after, limit: CHUNK });
    yield rows;
    after = rows.at(-1);
    if (rows.length < CHUNK) return;
  }
}

/** What has one name is one line, with the latest of what is said about it. */
function together(title: string, same: readonly { readonly detail: string }[]): Listed['lines'][number] {
  const details = [...new Set(same.map(({ detail }) => detail))].filter((detail) => detail !== '');
  return { title, detail: details.slice(0, MOST_DETAILS).join('; ') };
}

/** Beside the name: how it is taken, what it does, or when it was. */
function lineOf(resource: unknown, name: SectionName, reader: Reader) {
  const { labels } = reader.words;
  const text = SECTIONS[name]?.describe(resource, reader);
  const wanted =
    name === 'medicines' ? [labels.howToTake] : name === 'allergies' ? [labels.reaction, labels.severity] : [];
  const told = (text?.facts ?? []).flatMap(([label, value]) =>
    wanted.includes(label) && value !== undefined ? [value] : [],
  );
  const when = name === 'problems' || name === 'vaccinations' ? (text?.when ?? reader.words.dateUnknown) : undefined;
  const detail = [...told, ...(when === undefined ? [] : [when])].join('. ');
  return { title: text?.title ?? reader.words.notNamed, detail };
}

function listSection({ words }: Place, name: SectionName, title: string, { lines, more }: Listed): string {
  const { own: w } = words;
  const none = (w.none as Readonly<Record<string, string>>)[name] ?? w.nothing;
  const items = lines.map(
    (line) => html`<li><b>${line.title}</b>!${line.detail === '' ? '' : html`: ${line.detail}`}</li>`,
  );
  const rest = more === 0 ? '' : html`<li>${w.summary.more(more)}</li>`;
  return html`
<section><h2>${title}</h2>!${items.length === 0 ? html`<p>${none}</p>` : html`<ul>!${items.join('')}!${rest}</ul>`}</section>`;
}

async function latestResults({ db }: AccountDeps, place: Place, reader: Reader): Promise<string> {
  const { own: w } = place.words;
  const rows = await ownOfType(db, place.whose, 'Observation', { limit: LOOKED_AT });
  const resources = rows.map(({ content }) => parseJson(content)).filter((resource) => groupOf(resource) !== 'other');
  const series = seriesOf(resources.flatMap((resource) => observed(resource, reader) ?? []));
  const items = series.slice(0, MOST_RESULTS).map(resultLine);
  return html`
<section><h2>${w.summary.latest}</h2>!${items.length === 0 ? html`<p>${w.nothing}</p>` : html`<ul>!${items.join('')}</ul>`}</section>`;
}

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
