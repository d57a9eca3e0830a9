import type { FastifyInstance } from 'fastify';
import { listAccessLog } from '../../audit/index.ts';
import { findAccountProfile } from '../../identity/index.ts';
import { createEntryFormatter } from '../access-log/entry-text.ts';
import { findVisibleFamilies } from '../connections/connection.ts';
import { tryListConnections } from '../connections/routes.ts';
import { formatMinute } from '../date-format.ts';
import type { PatientPortalDeps } from '../deps.ts';
import { loadPortalContext, type PatientPortalContext, type RecordParams, sendPage } from '../portal-context.ts';
import { PORTAL_SECTIONS } from '../portal-page.ts';
import { listPortalRecords } from '../portal-records.ts';
import { type OverviewData, renderOverviewPage, renderRecordChoicePage } from './page.ts';

/**
 * Registers `/account`, the `management_endpoint` of discovery (SMART App Launch 2.2 §7.2), and the overview of each
 * record. `/account/apps` and the other paths without a record are for links that don't know the record, such as those
 * of consent pages, receipts and their emails.
 */
export function overviewRoutes(app: FastifyInstance, deps: PatientPortalDeps): void {
  for (const section of PORTAL_SECTIONS)
    app.get(`/account${section}`, async (request, reply) => {
      const { accountId } = await deps.signedIn.patient(request);
      const records = await listPortalRecords(deps.db, accountId);
      const [only, ...others] = records;
      if (only !== undefined && others.length === 0) return reply.redirect(`/account/${only.key}${section}`, 303);
      return sendPage(reply, renderRecordChoicePage(deps.framing.forOperator(request), records, section));
    });

  app.get<RecordParams>('/account/:key', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    const connections = await tryListConnections(deps, context, request);
    const connected = connections?.filter((one) => one.connected).length;
    const last = await lastRead(context);
    const { email, unconfirmedEmail } = (await findAccountProfile(deps.db, context.session.accountId)) ?? {};
    return sendPage(
      reply,
      renderOverviewPage(context, { connectedApps: connected, lastRead: last, email, unconfirmedEmail }),
    );
  });

  async function lastRead(context: PatientPortalContext): Promise<OverviewData['lastRead']> {
    const visibleFamilies = await findVisibleFamilies(deps, context);
    const filter = { zone: context.record.timeZone, visibleFamilies, readsOnly: true };
    const [entry] = await listAccessLog(deps.db, context.accountRecord, filter, { after: undefined, limit: 1 });
    if (entry === undefined) return undefined;
    return { who: createEntryFormatter(deps, context)(entry).reader, when: formatMinute(context, entry.at) };
  }
}
