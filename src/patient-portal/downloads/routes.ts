import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { countProjectedEntries, countRecordEntries, dstu2, ensureConverted, projections } from '../../fhir/index.ts';
import { toIsoDate } from '../date-format.ts';
import type { PatientPortalDeps } from '../deps.ts';
import { loadPortalContext, type PatientPortalContext, type RecordParams, sendPage } from '../portal-context.ts';
import { logRecordView, type RecordView, sendAsAttachment } from '../record-view.ts';
import { countDownload, countFileEntries, countSummaryView, createSummaryTurns } from './limits.ts';
import { renderDownloadsPage } from './page.ts';
import { streamDstu2Bundle, streamR4Bundle } from './record-bundle.ts';
import { streamRecordFile } from './record-file/stream-record-file.ts';
import { streamResultsCsv } from './results-csv.ts';
import { renderSummaryPage } from './summary/page.ts';
import { loadSummary } from './summary/summary.ts';

/** A file that a person can save. */
interface Download {
  /** Last part of the file's address, `/account/{key}/downloads/{path}`. */
  readonly path: string;
  /** File name without the date. It doesn't identify a person. */
  readonly name: string;
  readonly extension: string;
  readonly mediaType: string;
  /** Returns what the access log says about the download. It runs first, and throws if the record is too large. */
  readonly describe: (context: PatientPortalContext) => Promise<RecordView>;
  readonly read: (context: PatientPortalContext) => Readable | Promise<Readable>;
}

/** Registers the downloads: the health summary, and the record in several formats. */
export function downloadRoutes(app: FastifyInstance, deps: PatientPortalDeps): void {
  const turns = createSummaryTurns();
  const loadInTurn = (context: PatientPortalContext) => turns.run(context, () => loadSummary(deps, context));

  app.get<RecordParams>('/account/:key/downloads', async (request, reply) =>
    sendPage(reply, renderDownloadsPage(await loadPortalContext(deps, request, reply))),
  );

  app.get<RecordParams>('/account/:key/summary', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    await countSummaryView(deps, context);
    const page = renderSummaryPage(context, await loadInTurn(context));
    await logRecordView(deps, context, request, { view: 'summary' });
    return sendPage(reply, page);
  });

  const downloads: readonly Download[] = [
    {
      path: 'summary-pdf',
      name: 'health-summary',
      extension: 'pdf',
      mediaType: 'application/pdf',
      describe: async (context) => {
        await countFileEntries(deps, context);
        return { view: 'summary-pdf' };
      },
      read: async (context) => {
        // The packages for fonts and PDF are large, so they are imported with the first file, not at the start.
        const { createSummaryPdf } = await import('./summary/pdf.ts');
        return createSummaryPdf(deps, context, await loadInTurn(context));
      },
    },
    {
      path: 'html',
      name: 'health-record',
      extension: 'html',
      mediaType: 'text/html; charset=utf-8',
      describe: async (context) => ({ view: 'download-html', resources: await countFileEntries(deps, context) }),
      read: (context) => Readable.from(streamRecordFile(deps, context)),
    },
    {
      path: 'results-csv',
      name: 'lab-results',
      extension: 'csv',
      mediaType: 'text/csv; charset=utf-8',
      describe: async (context) => {
        await countFileEntries(deps, context, 'Observation');
        return { view: 'download-csv' };
      },
      read: (context) => Readable.from(streamResultsCsv(deps, context)),
    },
    {
      path: 'r4',
      name: 'health-record-r4',
      extension: 'json',
      mediaType: 'application/fhir+json; charset=utf-8',
      describe: async (context) => ({ view: 'download-r4', resources: await countResources(context) }),
      read: (context) => Readable.from(streamR4Bundle(deps, context.accountRecord)),
    },
    {
      path: 'dstu2',
      name: 'health-record-dstu2',
      extension: 'json',
      mediaType: 'application/json+fhir; charset=utf-8',
      describe: async (context) => {
        // After an upgrade, the file would lack resources that haven't been converted yet.
        await ensureConverted(deps.db, context.accountRecord.recordId, projections);
        return { view: 'download-dstu2', resources: await countConverted(context) };
      },
      read: (context) => Readable.from(streamDstu2Bundle(deps, context.accountRecord)),
    },
  ];
  for (const download of downloads)
    app.get<RecordParams>(`/account/:key/downloads/${download.path}`, async (request, reply) => {
      const context = await loadPortalContext(deps, request, reply);
      await countDownload(deps, context);
      const view = await download.describe(context);
      // An error while the file is prepared is shown as a page. The log has only what is sent.
      const bytes = await download.read(context);
      await logRecordView(deps, context, request, view);
      return sendFile(reply, context, download).send(bytes);
    });

  const sendFile = (reply: FastifyReply, context: PatientPortalContext, { name, extension, mediaType }: Download) =>
    sendAsAttachment(reply, `${name}-${today(context)}.${extension}`, mediaType);

  const countResources = async ({ accountRecord }: PatientPortalContext): Promise<number> =>
    [...(await countRecordEntries(deps.db, accountRecord)).values()].reduce((sum, count) => sum + count, 0);

  const countConverted = ({ accountRecord }: PatientPortalContext): Promise<number> =>
    countProjectedEntries(deps.db, accountRecord, dstu2.projection ?? '');

  const today = ({ record }: PatientPortalContext): string => toIsoDate(deps.clock.now(), record.timeZone);
}
