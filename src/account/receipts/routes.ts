import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isUuid } from '../../kernel/index.ts';
import type { AccountDeps } from '../deps.ts';
import { nothingHere, placeOf, type RecordParams, sendPage, single } from '../place.ts';
import { isoDayOf } from '../times.ts';
import { asFile } from '../view.ts';
import { receiptPage, receiptsPage } from './page.ts';
import { findReceipt, listReceipts } from './store.ts';

type ReceiptParams = { Params: { key: string; receiptId: string } };
type ListQuery = RecordParams & { Querystring: { app?: unknown } };

/** Registers the consent receipts: the exact text of each consent. */
export function receiptRoutes(app: FastifyInstance, deps: AccountDeps): void {
  app.get<ListQuery>('/account/:key/receipts', async (request, reply) => {
    const context = await placeOf(deps, request, reply);
    const grantId = single(request.query.app);
    if (grantId !== undefined && !isUuid(grantId)) throw nothingHere(request);
    return sendPage(reply, receiptsPage(context, await listReceipts(deps.db, context, grantId)));
  });

  app.get<ReceiptParams>('/account/:key/receipts/:receiptId', async (request, reply) => {
    const { context, receipt } = await loadReceipt(request, reply);
    return sendPage(reply, receiptPage(context, receipt));
  });

  app.get<ReceiptParams>('/account/:key/receipts/:receiptId/text', async (request, reply) => {
    const { context, receipt } = await loadReceipt(request, reply);
    const day = isoDayOf(receipt.at, context.record.timeZone);
    return asFile(reply, `receipt-${day}.txt`, 'text/plain; charset=utf-8').send(receipt.content);
  });

  async function loadReceipt(request: FastifyRequest, reply: FastifyReply) {
    const context = await placeOf(deps, request, reply);
    const { receiptId } = request.params as ReceiptParams['Params'];
    const receipt = isUuid(receiptId) ? await findReceipt(deps.db, context, receiptId) : undefined;
    if (receipt === undefined) throw nothingHere(request);
    return { context, receipt };
  }
}
