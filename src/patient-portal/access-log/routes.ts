import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { countAccessLogEntries, listAccessLog, summarizeAppReads } from '../../audit/index.ts';
import { days, later, Problem } from '../../kernel/index.ts';
import { findVisibleFamilies } from '../connections/connection.ts';
import { toIsoDate } from '../date-format.ts';
import type { PatientPortalDeps } from '../deps.ts';
import { loadPortalContext, type PatientPortalContext, type RecordParams, sendPage } from '../portal-context.ts';
import { logRecordView, sendAsAttachment } from '../record-view.ts';
import { listAppChoices } from './app-choices.ts';
import { createEntryFormatter } from './entry-text.ts';
import { exportLogBundle, exportLogCsv } from './export-log.ts';
import { parseFilter, toSearchQuery } from './filter.ts';
import { renderAccessLogPage } from './page.ts';

const PAGE_SIZE = 50;
/** Milliseconds that the summary looks back. */
const SUMMARY_PERIOD = days(30);

/** Registers the access log: a page, and downloads as CSV and as FHIR. */
export function accessLogRoutes(app: FastifyInstance, deps: PatientPortalDeps): void {
  app.get<RecordParams>('/account/:key/log', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    const visibleFamilies = await findVisibleFamilies(deps, context);
    const logRequest = parseFilter(deps, context, queryParams(request), visibleFamilies);
    const valid = logRequest.errors.length === 0;
    const slice = { after: logRequest.after, limit: PAGE_SIZE };
    const found = valid ? await listAccessLog(deps.db, context.accountRecord, logRequest.filter, slice) : undefined;
    const isStart = logRequest.after === undefined && toSearchQuery(logRequest.fields) === '';
    const since = later(deps.clock.now(), -SUMMARY_PERIOD);
    const summary = isStart
      ? await summarizeAppReads(deps.db, context.accountRecord, since, visibleFamilies)
      : undefined;
    const apps = await listAppChoices(deps.db, context.accountRecord, visibleFamilies);
    await logRecordView(deps, context, request, { view: 'log' });
    const page = renderAccessLogPage(context, {
      request: logRequest,
      summary,
      apps,
      found,
      kinds: deps.types.names,
      format: createEntryFormatter(deps, context),
    });
    return sendPage(reply.code(valid ? 200 : 400), page);
  });

  app.get<RecordParams>('/account/:key/log/csv', async (request, reply) => {
    const { context, filter } = await prepareDownload(request, reply, 'log-csv');
    return sendAsAttachment(reply, `who-read-what-${today(context)}.csv`, 'text/csv; charset=utf-8').send(
      Readable.from(exportLogCsv(deps, context, filter)),
    );
  });

  app.get<RecordParams>('/account/:key/log/fhir', async (request, reply) => {
    const { context, filter } = await prepareDownload(request, reply, 'log-fhir');
    return sendAsAttachment(reply, `who-read-what-${today(context)}.json`, 'application/fhir+json; charset=utf-8').send(
      Readable.from(exportLogBundle(deps, context, filter)),
    );
  });

  async function prepareDownload(request: FastifyRequest, reply: FastifyReply, view: 'log-csv' | 'log-fhir') {
    const context = await loadPortalContext(deps, request, reply);
    const { filter, errors } = parseFilter(
      deps,
      context,
      queryParams(request),
      await findVisibleFamilies(deps, context),
    );
    const [error] = errors;
    if (error !== undefined) throw new Problem('bad-request', { status: 400, message: error.message });
    const resources = await countAccessLogEntries(deps.db, context.accountRecord, filter);
    await logRecordView(deps, context, request, { view, resources });
    return { context, filter };
  }

  const today = ({ record }: PatientPortalContext): string => toIsoDate(deps.clock.now(), record.timeZone);
}

const queryParams = (request: FastifyRequest) => request.query as Readonly<Record<string, unknown>>;
