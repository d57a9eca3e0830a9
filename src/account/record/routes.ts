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

/** Registers the record pages: the list of sections, each section, and documents. */
export function recordRoutes(app: FastifyInstance, deps: AccountDeps): void {
  app.get<RecordParams>('/account/:key/record', async (request, reply) => {
    const context = await placeOf(deps, request, reply);
    const sectionCounts = await shownSections(deps, context);
    await recordView(deps, context, request, { view: 'record' });
    return sendPage(reply, recordPage(context, sectionCounts));
  });

  app.get<SectionParams>('/account/:key/record/:section', async (request, reply) => {
    const context = await placeOf(deps, request, reply);
    const render = pageOf(request.params.section);
    if (render === undefined) throw nothingHere(request);
    const { before, group } = request.query;
    const page = await render(deps, context, { before: readBefore(before), group: single(group) });
    for (const { type, resources } of toldTypes(page))
      await recordView(deps, context, request, { view: 'record', type, resources });
    return sendPage(reply, page.html);
  });

  app.get<DocumentParams>('/account/:key/record/documents/:id', async (request, reply) => {
    const context = await placeOf(deps, request, reply);
    const document = await ownDocument(deps.db, context.whose, request.params.id);
    if (document === undefined) throw nothingHere(request);
    const owners = WITH_ATTACHMENTS.map((type) => `${type}/${document.resourceId}`);
    const [owner] = await ownResources(deps.db, context.whose, owners);
    await recordView(deps, context, request, { view: 'document', type: owner?.type, resources: 1 });
    return reply.headers(documentHeaders(document, request.query.save === 'yes')).send(document.bytes);
  });

  app.get<AttachmentParams>('/account/:key/record/attachments/:type/:id/:place', async (request, reply) => {
    const context = await placeOf(deps, request, reply);
    const { type, id, place: at } = request.params;
    const found = WITH_ATTACHMENTS.includes(type) ? await ownResources(deps.db, context.whose, [`${type}/${id}`]) : [];
    const document = found[0] && heldDocument(type, found[0].content, at);
    if (document === undefined) throw nothingHere(request);
    await recordView(deps, context, request, { view: 'document', type, resources: 1 });
    return reply.headers(documentHeaders(document, request.query.save === 'yes')).send(document.bytes);
  });
}

/** Listed even when empty: that no medicines or allergies are recorded is clinically meaningful. */
const ALWAYS: readonly SectionName[] = ['medicines', 'allergies'];
/** Counting these would require reading their contents. */
const UNCOUNTED: readonly SectionName[] = ['about', 'people'];

async function shownSections({ db }: AccountDeps, { whose: accountRecord }: Place): Promise<Shown> {
  const counts = await countOwn(db, accountRecord);
  const listed = Object.entries(SECTIONS).map(([name, groups]) => {
    const types = [...new Set(groups.map(({ type }) => type))];
    return [name as SectionName, types.reduce((sum, type) => sum + (counts.get(type) ?? 0), 0)] as const;
  });
  const observed = await ownObserved(db, accountRecord);
  return new Map<SectionName, number | undefined>([
    ...UNCOUNTED.map((name) => [name, undefined] as const),
    ...OBSERVED.filter((name) => observed[name]).map((name) => [name, undefined] as const),
    ...listed.filter(([name, count]) => count > 0 || ALWAYS.includes(name)),
  ]);
}

/** Types to record in the audit log: those on the page, or the one that was looked for if the page is empty. */
function toldTypes({ counts }: Made): readonly { readonly type: string | undefined; readonly resources: number }[] {
  const typeCounts = counts.map(([type, resources]) => ({ type, resources }));
  const filled = typeCounts.filter(({ resources }) => resources > 0);
  return filled.length > 0 ? filled : typeCounts.slice(0, 1);
}

type Make = (deps: AccountDeps, context: Place, from: From) => Promise<Made>;

function pageOf(section: string): Make | undefined {
  if (Object.hasOwn(SECTIONS, section))
    return (deps, context, from) => listPage(deps, context, section as SectionName, from);
  const observed = OBSERVED.find((name) => name === section);
  if (observed !== undefined) return (deps, context) => observedPage(observed, deps, context);
  if (section === 'people') return peoplePage;
  return section === 'about' ? aboutPage : undefined;
}
