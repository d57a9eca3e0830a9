import type { FastifyInstance } from 'fastify';
import { readsOf } from '../../audit/index.ts';
import { findPerson } from '../../people/index.ts';
import { ownFamilies } from '../connections/connection.ts';
import { readConnections } from '../connections/routes.ts';
import type { AccountDeps } from '../deps.ts';
import { entryTeller } from '../log/entry-words.ts';
import { SECTIONS } from '../page.ts';
import { type Place, placeOf, type RecordParams, sendPage } from '../place.ts';
import { ownRecords } from '../records.ts';
import { whenOf } from '../times.ts';
import { chooseRecordPage, type Overview, overviewPage } from './page.ts';

/**
 * `/account` is the `management_endpoint` of discovery (SMART App Launch 2.2 §7.2). `/account/apps` and the other paths
 * without a record are for links that don't know the record: consent pages, receipts and their email.
 */
export function overviewRoutes(app: FastifyInstance, deps: AccountDeps): void {
  for (const section of SECTIONS)
    app.get(`/account${section}`, async (request, reply) => {
      const { accountId } = await deps.signedIn.patient(request);
      const records = await ownRecords(deps.db, accountId);
      const [only, ...others] = records;
      if (only !== undefined && others.length === 0) return reply.redirect(`/account/${only.key}${section}`, 303);
      return sendPage(reply, chooseRecordPage(deps.framing.plain(request), records, section));
    });

  app.get<RecordParams>('/account/:key', async (request, reply) => {
    const context = await placeOf(deps, request, reply);
    const connections = await readConnections(deps, context, request);
    const connected = connections?.filter((one) => one.connected).length;
    const last = await lastRead(context);
    const { email, unconfirmedEmail } = (await findPerson(deps.db, context.session.accountId)) ?? {};
    return sendPage(reply, overviewPage(context, { connected, last, email, unconfirmedEmail }));
  });

  async function lastRead(context: Place): Promise<Overview['last']> {
    const visibleFamilies = await ownFamilies(deps, context);
    const filter = { zone: context.record.timeZone, own: visibleFamilies, readsOnly: true };
    const [entry] = await readsOf(deps.db, context.whose, filter, { after: undefined, limit: 1 });
    if (entry === undefined) return undefined;
    return { who: entryTeller(deps, context)(entry).who, when: whenOf(context, entry.at) };
  }
}
