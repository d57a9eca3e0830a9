import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isUuid } from '../../kernel/index.ts';
import { requestedPage } from '../../web-pages/index.ts';
import { toIsoDate } from '../date-format.ts';
import type { PatientPortalDeps } from '../deps.ts';
import { loadPortalContext, type RecordParams, recordNotFound, sendPage, singleValue } from '../portal-context.ts';
import { sendAsAttachment } from '../record-view.ts';
import { renderReceiptPage, renderReceiptsPage } from './page.ts';
import { findReceipt, listReceipts } from './store.ts';

type ReceiptParams = { Params: { key: string; receiptId: string } };
type ListQuery = RecordParams & { Querystring: { app?: unknown; page?: unknown } };

/** Registers the pages with consent receipts, which show the exact text of each consent. */
export function receiptRoutes(app: FastifyInstance, deps: PatientPortalDeps): void {
  app.get<ListQuery>('/account/:key/receipts', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    const grantId = singleValue(request.query.app);
    if (grantId !== undefined && !isUuid(grantId)) throw recordNotFound(request);
    const list = await listReceipts(deps.db, context, { grantId, page: requestedPage(request.query.page) });
    return sendPage(reply, renderReceiptsPage(context, list, grantId));
  });

  app.get<ReceiptParams>('/account/:key/receipts/:receiptId', async (request, reply) => {
    const { context, receipt } = await loadReceipt(request, reply);
    return sendPage(reply, renderReceiptPage(context, receipt));
  });

  app.get<ReceiptParams>('/account/:key/receipts/:receiptId/text', async (request, reply) => {
    const { context, receipt } = await loadReceipt(request, reply);
    const day = toIsoDate(receipt.at, context.record.timeZone);
    return sendAsAttachment(reply, `receipt-${day}.txt`, 'text/plain; charset=utf-8').send(receipt.content);
  });

  async function loadReceipt(request: FastifyRequest, reply: FastifyReply) {
    const context = await loadPortalContext(deps, request, reply);
    const { receiptId } = request.params as ReceiptParams['Params'];
    const receipt = isUuid(receiptId) ? await findReceipt(deps.db, context, receiptId) : undefined;
    if (receipt === undefined) throw recordNotFound(request);
    return { context, receipt };
  }
}
