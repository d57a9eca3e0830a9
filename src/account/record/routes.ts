import type { FastifyInstance } from 'fastify';
import { html } from 'ghtml';
import {
  countOwn,
  type DatedEntry,
  type DatedPosition,
  isPosition,
  ownDirectory,
  ownDocument,
  ownOfType,
  ownReferences,
  parseJson,
} from '../../fhir/index.ts';
import type { AccountDeps } from '../deps.ts';
import { nothingHere, type Place, placeOf, type RecordParams, sendPage, single } from '../place.ts';
import { recordView } from '../view.ts';
import { documentEntry, documentHeaders, documentLinks } from './documents.ts';
import { groupOf, observed } from './observation.ts';
import { type Entry, entryList, nothingIn, olderLink, recordPage, sectionPage } from './page.ts';
import { aboutPatient, personInvolved } from './people.ts';
import { resultsPage } from './results-page.ts';
import { type EntryText, SECTIONS, type SectionName } from './sections.ts';
import { seriesOf } from './series.ts';
import { type Reader, readerFor } from './values.ts';

type SectionParams = { Params: { key: string; section: string }; Querystring: { before?: unknown } };
type DocumentParams = { Params: { key: string; id: string }; Querystring: { save?: unknown } };

const ON_A_PAGE = 100;
/** Observations that are looked at for lines and tables. */
const MOST_OBSERVED = 3000;

/** The record in plain words, section by section, and its documents. */
export function recordRoutes(app: FastifyInstance, deps: AccountDeps): void {
  app.get<RecordParams>('/account/:key/record', async (request, reply) => {
    const place = await placeOf(deps, request, reply);
    const counts = await countOwn(deps.db, place.whose);
    await recordView(deps, place, request, { view: 'record' });
    return sendPage(reply, recordPage(place, bySection(counts)));
  });

  app.get<SectionParams>('/account/:key/record/:section', async (request, reply) => {
    const place = await placeOf(deps, request, reply);
    const make = pageOf(request.params.section);
    if (make === undefined) throw nothingHere(request);
    const page = await make(deps, place, readBefore(single(request.query.before)));
    await recordView(deps, place, request, { view: 'record', type: page.type, resources: page.count });
    return sendPage(reply, page.html);
  });

  app.get<DocumentParams>('/account/:key/record/documents/:id', async (request, reply) => {
    const place = await placeOf(deps, request, reply);
    const document = await ownDocument(deps.db, place.whose, request.params.id);
    if (document === undefined) throw nothingHere(request);
    await recordView(deps, place, request, { view: 'document', type: 'DocumentReference', resources: 1 });
    return reply.headers(documentHeaders(document, request.query.save === 'yes')).send(document.bytes);
  });
}

function bySection(counts: ReadonlyMap<string, number>): ReadonlyMap<SectionName, number> {
  const single = Object.entries(SECTIONS).map(
    ([name, { type }]) => [name as SectionName, counts.get(type) ?? 0] as const,
  );
  return new Map([...single, ['documents', counts.get('DocumentReference') ?? 0]]);
}

interface Made {
  readonly html: string;
  readonly type: string | undefined;
  readonly count: number;
}
type Make = (deps: AccountDeps, place: Place, before: DatedPosition | undefined) => Promise<Made>;

function pageOf(section: string): Make | undefined {
  if (Object.hasOwn(SECTIONS, section)) return (...given) => listed(section as SectionName, ...given);
  if (section === 'measurements' || section === 'results' || section === 'other')
    return (deps, place) => measured(section, deps, place);
  if (section === 'documents') return documents;
  if (section === 'people') return people;
  return section === 'about' ? about : undefined;
}

const readerOf = (place: Place): Reader => readerFor(place, place.words.own);

/** What can't be read is said to be there. */
function entriesOf(
  place: Place,
  rows: readonly { content: string }[],
  describe: (resource: unknown, reader: Reader) => EntryText,
) {
  const reader = readerOf(place);
  return rows.map(({ content }): Entry => {
    const resource = parseJson(content);
    return { resource, text: describe(resource, reader) };
  });
}

/** One more than the page has, which tells whether there are older ones. */
async function pageRows(
  { db }: AccountDeps,
  { whose }: Place,
  type: string,
  after: DatedPosition | undefined,
): Promise<{ readonly rows: readonly DatedEntry[]; readonly older: string | undefined }> {
  const found = await ownOfType(db, whose, type, { after, limit: ON_A_PAGE + 1 });
  const rows = found.slice(0, ON_A_PAGE);
  const last = rows.at(-1);
  return { rows, older: found.length > rows.length && last !== undefined ? beforeQuery(last) : undefined };
}

async function listed(
  name: SectionName,
  deps: AccountDeps,
  place: Place,
  before: DatedPosition | undefined,
): Promise<Made> {
  const section = SECTIONS[name];
  if (section === undefined) throw new Error(`no section ${name}`);
  const { rows, older } = await pageRows(deps, place, section.type, before);
  const entries = entriesOf(place, rows, section.describe);
  return { html: listPage(place, name, entries, older), type: section.type, count: rows.length };
}

async function documents(deps: AccountDeps, place: Place, before: DatedPosition | undefined): Promise<Made> {
  const { rows, older } = await pageRows(deps, place, 'DocumentReference', before);
  const entries = entriesOf(place, rows, documentEntry).map((entry) => ({
    ...entry,
    more: documentLinks(place, entry.resource),
  }));
  return { html: listPage(place, 'documents', entries, older), type: 'DocumentReference', count: rows.length };
}

function listPage(place: Place, name: SectionName, entries: readonly Entry[], older: string | undefined): string {
  const path = `${place.base}/record/${name}`;
  const list = entries.length === 0 ? nothingIn(place, name) : entryList(place, entries);
  return sectionPage(place, { name, content: html`!${list}!${olderLink(place, path, older)}` });
}

async function about(deps: AccountDeps, place: Place): Promise<Made> {
  const rows = await ownOfType(deps.db, place.whose, 'Patient', { limit: 5 });
  const entries = entriesOf(place, rows, aboutPatient);
  return { html: listPage(place, 'about', entries, undefined), type: 'Patient', count: rows.length };
}

async function people({ db }: AccountDeps, place: Place): Promise<Made> {
  const { people: w } = place.words.own;
  const family = await ownOfType(db, place.whose, 'RelatedPerson', { limit: ON_A_PAGE });
  const directory = await ownDirectory(db, place.whose, await ownReferences(db, place.whose));
  const groups: readonly (readonly [string, readonly { content: string }[]])[] = [
    [w.family, family],
    [w.clinicians, directory.filter(({ type }) => type === 'Practitioner')],
    [w.places, directory.filter(({ type }) => type !== 'Practitioner')],
  ];
  const shown = groups.filter(([, rows]) => rows.length > 0);
  const content = shown.map(([title, rows]) => html`<h2 class="group">${title}</h2>!${peopleList(place, rows)}`);
  return {
    html: sectionPage(place, {
      name: 'people',
      content: shown.length === 0 ? nothingIn(place, 'people') : content.join(''),
    }),
    type: 'RelatedPerson',
    count: family.length + directory.length,
  };
}

const peopleList = (place: Place, rows: readonly { content: string }[]): string =>
  entryList(place, entriesOf(place, rows, personInvolved));

async function measured(name: 'measurements' | 'results' | 'other', { db }: AccountDeps, place: Place): Promise<Made> {
  const rows = await ownOfType(db, place.whose, 'Observation', { limit: MOST_OBSERVED + 1 });
  const reader = readerOf(place);
  const values = rows.slice(0, MOST_OBSERVED).flatMap(({ content }) => {
    const resource = parseJson(content);
    return groupOf(resource) === name ? (observed(resource, reader) ?? []) : [];
  });
  const cut = rows.length > MOST_OBSERVED ? MOST_OBSERVED : undefined;
  return {
    html: resultsPage(place, { name, series: seriesOf(values), cut }),
    type: 'Observation',
    count: values.length,
  };
}

const beforeQuery = ({ position, id }: DatedPosition): string =>
  `?${new URLSearchParams({ before: `${position}/${id}` })}`;

function readBefore(text: string | undefined): DatedPosition | undefined {
  const [position = '', id = ''] = (text ?? '').split('/');
  return isPosition({ position, id }) ? { position, id } : undefined;
}
