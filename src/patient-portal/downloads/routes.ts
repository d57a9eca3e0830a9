import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { countProjectedEntries, countRecordEntries, dstu2 } from '../../fhir/index.ts';
import { toIsoDate } from '../date-format.ts';
import type { PatientPortalDeps } from '../deps.ts';
import { loadPortalContext, type PatientPortalContext, type RecordParams, sendPage } from '../portal-context.ts';
import { logRecordView, sendAsAttachment } from '../record-view.ts';
import { renderDownloadsPage } from './page.ts';
import { streamDstu2Bundle, streamR4Bundle } from './record-bundle.ts';
import { renderSummaryPage } from './summary-page.ts';

/** Registers the downloads: a printable summary, and the record as a file in each FHIR version. */
export function downloadRoutes(app: FastifyInstance, deps: PatientPortalDeps): void {
  app.get<RecordParams>('/account/:key/downloads', async (request, reply) =>
    sendPage(reply, renderDownloadsPage(await loadPortalContext(deps, request, reply))),
  );

  app.get<RecordParams>('/account/:key/summary', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    const page = await renderSummaryPage(deps, context);
    await logRecordView(deps, context, request, { view: 'summary' });
    return sendPage(reply, page);
  });

  app.get<RecordParams>('/account/:key/downloads/r4', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    await logRecordView(deps, context, request, { view: 'download-r4', resources: await countResources(context) });
    const name = `health-record-r4-${today(context)}.json`;
    return sendAsAttachment(reply, name, 'application/fhir+json; charset=utf-8').send(
      Readable.from(streamR4Bundle(deps, context.accountRecord)),
    );
  });

  app.get<RecordParams>('/account/:key/downloads/dstu2', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    await logRecordView(deps, context, request, { view: 'download-dstu2', resources: await countConverted(context) });
    const name = `health-record-dstu2-${today(context)}.json`;
    return sendAsAttachment(reply, name, 'application/json+fhir; charset=utf-8').send(
      Readable.from(streamDstu2Bundle(deps, context.accountRecord)),
    );
  });

  const countResources = async ({ accountRecord }: PatientPortalContext): Promise<number> =>
    [...(await countRecordEntries(deps.db, accountRecord)).values()].reduce((sum, count) => sum + count, 0);

  const countConverted = ({ accountRecord }: PatientPortalContext): Promise<number> =>
    countProjectedEntries(deps.db, accountRecord, dstu2.projection ?? '');

  const today = ({ record }: PatientPortalContext): string => toIsoDate(deps.clock.now(), record.timeZone);
}
