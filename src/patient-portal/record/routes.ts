import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readRecordDocument } from '../../fhir/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import {
  loadPortalContext,
  type PatientPortalContext,
  type RecordParams,
  recordNotFound,
  sendPage,
  singleValue,
} from '../portal-context.ts';
import { logRecordView } from '../record-view.ts';
import { documentHeaders, readInlineDocument, TYPES_WITH_ATTACHMENTS } from './documents.ts';
import { type RenderedSection, renderListSection, type SectionListRequest } from './list-section.ts';
import { findRecordResources } from './record-queries.ts';
import { countSections } from './section-counts.ts';
import { renderRecordPage } from './section-page.ts';
import { parseCursor } from './section-rows.ts';
import { RECORD_SECTIONS, type RecordSectionName } from './sections.ts';
import {
  OBSERVATION_SECTIONS,
  renderAboutSection,
  renderObservationSection,
  renderPeopleSection,
} from './special-sections.ts';
import { parseShow } from './states/state-filter.ts';
import { renderSearch } from './whole-record/search.ts';
import { parseTimelineRequest, renderTimeline } from './whole-record/timeline.ts';

type RecordSectionParams = {
  Params: { key: string; section: string };
  Querystring: { before?: unknown; group?: unknown; show?: unknown };
};
type TimelineParams = RecordParams & { Querystring: { kind?: unknown; before?: unknown } };
type SearchParams = RecordParams & { Querystring: { q?: unknown } };
type RecordDocumentParams = { Params: { key: string; id: string }; Querystring: { save?: unknown } };
type RecordAttachmentParams = {
  Params: { key: string; type: string; id: string; place: string };
  Querystring: { save?: unknown };
};

/** Registers the record pages: the list of sections, each section, and documents. */
export function recordRoutes(app: FastifyInstance, deps: PatientPortalDeps): void {
  app.get<RecordParams>('/account/:key/record', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    const sectionCounts = await countSections(deps, context);
    await logRecordView(deps, context, request, { view: 'record' });
    return sendPage(reply, renderRecordPage(context, sectionCounts));
  });

  app.get<RecordSectionParams>('/account/:key/record/:section', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    const render = findSectionRenderer(request.params.section);
    if (render === undefined) throw recordNotFound(request);
    const { before, group, show } = request.query;
    const page = await render(deps, context, {
      before: parseCursor(before),
      group: singleValue(group),
      show: parseShow(singleValue(show)),
    });
    return sendRecordPage(context, request, reply, page);
  });

  app.get<TimelineParams>('/account/:key/record/timeline', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    const page = await renderTimeline(deps, context, parseTimelineRequest(request.query));
    return sendRecordPage(context, request, reply, page);
  });

  app.get<SearchParams>('/account/:key/record/search', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    const page = await renderSearch(deps, context, singleValue(request.query.q));
    return sendRecordPage(context, request, reply, page);
  });

  /** Logs which types the page shows, and sends it. */
  async function sendRecordPage(
    context: PatientPortalContext,
    request: FastifyRequest,
    reply: FastifyReply,
    page: RenderedSection,
  ): Promise<FastifyReply> {
    const views = auditedTypes(page).map(({ type, resources }) => ({ view: 'record' as const, type, resources }));
    await Promise.all(views.map((view) => logRecordView(deps, context, request, view)));
    return sendPage(reply, page.html);
  }

  app.get<RecordDocumentParams>('/account/:key/record/documents/:id', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    const document = await readRecordDocument(deps.db, context.accountRecord, request.params.id);
    if (document === undefined) throw recordNotFound(request);
    const owners = TYPES_WITH_ATTACHMENTS.map((type) => `${type}/${document.resourceId}`);
    const [owner] = await findRecordResources(deps.db, context.accountRecord, owners);
    await logRecordView(deps, context, request, { view: 'document', type: owner?.type, resources: 1 });
    return reply.headers(await documentHeaders(document, request.query.save === 'yes')).send(document.bytes);
  });

  app.get<RecordAttachmentParams>('/account/:key/record/attachments/:type/:id/:place', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    const { type, id, place: at } = request.params;
    const found = TYPES_WITH_ATTACHMENTS.includes(type)
      ? await findRecordResources(deps.db, context.accountRecord, [`${type}/${id}`])
      : [];
    const document = found[0] && readInlineDocument(type, found[0].content, at);
    if (document === undefined) throw recordNotFound(request);
    await logRecordView(deps, context, request, { view: 'document', type, resources: 1 });
    return reply.headers(await documentHeaders(document, request.query.save === 'yes')).send(document.bytes);
  });
}

/**
 * Returns the resource types for the audit log: those on the page, or the type that was looked for if the page is
 * empty. A page of all types that is empty has one event without a type.
 */
function auditedTypes({
  counts,
}: RenderedSection): readonly { readonly type: string | undefined; readonly resources: number }[] {
  const typeCounts = counts.map(([type, resources]) => ({ type, resources }));
  const filled = typeCounts.filter(({ resources }) => resources > 0);
  if (filled.length > 0) return filled;
  return typeCounts.length > 0 ? typeCounts.slice(0, 1) : [{ type: undefined, resources: 0 }];
}

type SectionRenderer = (
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  from: SectionListRequest,
) => Promise<RenderedSection>;

function findSectionRenderer(section: string): SectionRenderer | undefined {
  if (Object.hasOwn(RECORD_SECTIONS, section))
    return (deps, context, from) => renderListSection(deps, context, section as RecordSectionName, from);
  const observed = OBSERVATION_SECTIONS.find((name) => name === section);
  if (observed !== undefined) return (deps, context) => renderObservationSection(observed, deps, context);
  if (section === 'people') return renderPeopleSection;
  return section === 'about' ? renderAboutSection : undefined;
}
