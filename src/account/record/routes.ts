import type { FastifyInstance } from 'fastify';
import { countOwn, ownDocument } from '../../fhir/index.ts';
import type { AccountDeps } from '../deps.ts';
import { nothingHere, type Place, placeOf, type RecordParams, sendPage, single } from '../place.ts';
import { recordView } from '../view.ts';
import { documentHeaders, heldDocument, WITH_ATTACHMENTS } from './documents.ts';
import { type From, listPage, type Made } from './list-page.ts';
import { aboutPage, OBSERVED, observedPage, peoplePage } from './made-pages.ts';
import { ownObserved, ownResources } from './own-resources.ts';
import { recordPage, type Shown } from './page.ts';
import { readBefore } from './rows.ts';
import { SECTIONS, type SectionName } from './sections.ts';

type SectionParams = {
  Params: { key: string; section: string };
  Querystring: { before?: unknown; group?: unknown };
};
type DocumentParams = { Params: { key: string; id: string }; Querystring: { save?: unknown } };
type AttachmentParams = {
  Params: { key: string; type: string; id: string; place: string };
  Querystring: { save?: unknown };
};

/** The record in plain words, section by section, and its documents. */
export function recordRoutes(app: FastifyInstance, deps: AccountDeps): void {
  app.get<RecordParams>('/account/:key/record', async (request, reply) => {
    const place = await placeOf(deps, request, reply);
    const shown = await shownSections(deps, place);
    await recordView(deps, place, request, { view: 'record' });
    return sendPage(reply, recordPage(place, shown));
  });

  app.get<SectionParams>('/account/:key/record/:section', async (request, reply) => {
    const place = await placeOf(deps, request, reply);
    const make = pageOf(request.params.section);
    if (make === undefined) throw nothingHere(request);
    const { before, group } = request.query;
    const page = await make(deps, place, { before: readBefore(before), group: single(group) });
    for (const { type, resources } of toldTypes(page))
      await recordView(deps, place, request, { view: 'record', type, resources });
    return sendPage(reply, page.html);
  });

  app.get<DocumentParams>('/account/:key/record/documents/:id', async (request, reply) => {
    const place = await placeOf(deps, request, reply);
    const document = await ownDocument(deps.db, place.whose, request.params.id);
    if (document === undefined) throw nothingHere(request);
    const owners = WITH_ATTACHMENTS.map((type) => `${type}/${document.resourceId}`);
    const [owner] = await ownResources(deps.db, place.whose, owners);
    await recordView(deps, place, request, { view: 'document', type: owner?.type, resources: 1 });
    return reply.headers(documentHeaders(document, request.query.save === 'yes')).send(document.bytes);
  });

  app.get<AttachmentParams>('/account/:key/record/attachments/:type/:id/:place', async (request, reply) => {
    const place = await placeOf(deps, request, reply);
    const { type, id, place: at } = request.params;
    const found = WITH_ATTACHMENTS.includes(type) ? await ownResources(deps.db, place.whose, [`${type}/${id}`]) : [];
    const document = found[0] && heldDocument(type, found[0].content, at);
    if (document === undefined) throw nothingHere(request);
    await recordView(deps, place, request, { view: 'document', type, resources: 1 });
    return reply.headers(documentHeaders(document, request.query.save === 'yes')).send(document.bytes);
  });
}

/** That nothing is written down matters. */
const ALWAYS: readonly SectionName[] = ['medicines', 'allergies'];
/** These can't be counted without being read. */
const UNCOUNTED: readonly SectionName[] = ['about', 'people'];

async function shownSections({ db }: AccountDeps, { whose }: Place): Promise<Shown> {
  const counts = await countOwn(db, whose);
  const listed = Object.entries(SECTIONS).map(([name, groups]) => {
    const types = [...new Set(groups.map(({ type }) => type))];
    return [name as SectionName, types.reduce((sum, type) => sum + (counts.get(type) ?? 0), 0)] as const;
  });
  const observed = await ownObserved(db, whose);
  return new Map<SectionName, number | undefined>([
    ...UNCOUNTED.map((name) => [name, undefined] as const),
    ...OBSERVED.filter((name) => observed[name]).map((name) => [name, undefined] as const),
    ...listed.filter(([name, count]) => count > 0 || ALWAYS.includes(name)),
  ]);
}

/** Each type that is on the page; where there is nothing, what was looked for. */
function toldTypes({ counts }: Made): readonly { readonly type: string | undefined; readonly resources: number }[] {
  const told = counts.map(([type, resources]) => ({ type, resources }));
  const filled = told.filter(({ resources }) => resources > 0);
  return filled.length > 0 ? filled : told.slice(0, 1);
}

type Make = (deps: AccountDeps, place: Place, from: From) => Promise<Made>;

function pageOf(section: string): Make | undefined {
  if (Object.hasOwn(SECTIONS, section))
    return (deps, place, from) => listPage(deps, place, section as SectionName, from);
  const observed = OBSERVED.find((name) => name === section);
  if (observed !== undefined) return (deps, place) => observedPage(observed, deps, place);
  if (section === 'people') return peoplePage;
  return section === 'about' ? aboutPage : undefined;
}
