import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { listAccessLog } from '../../audit/index.ts';
import { type AccountPageContext, findAccountProfile, type Session } from '../../identity/index.ts';
import { createEntryFormatter } from '../access-log/entry-text.ts';
import { findVisibleFamilies } from '../connections/connection.ts';
import { tryListConnections } from '../connections/routes.ts';
import { formatMinute } from '../date-format.ts';
import type { PatientPortalDeps } from '../deps.ts';
import { loadPortalContext, type PatientPortalContext, type RecordParams, sendPage } from '../portal-context.ts';
import { PORTAL_SECTIONS } from '../portal-page.ts';
import { listPortalRecords, type PortalRecord } from '../portal-records.ts';
import { type OverviewData, renderOverviewPage } from './page.ts';
import { renderRecordChoicePage } from './record-choice.ts';

/** Number of reads that the overview shows. */
const SHOWN_READS = 3;

/**
 * Registers `/account`, the `management_endpoint` of discovery (SMART App Launch 2.2 §7.2), and the overview of each
 * record. `/account/apps` and the other paths without a record are for links that don't know the record, such as those
 * of consent pages, receipts and their emails.
 */
export function overviewRoutes(app: FastifyInstance, deps: PatientPortalDeps): void {
  for (const section of PORTAL_SECTIONS)
    app.get(`/account${section}`, async (request, reply) => {
      const session = await deps.signedIn.patient(request);
      const records = await listPortalRecords(deps.db, session.accountId);
      const [only, ...others] = records;
      if (only !== undefined && others.length === 0) return reply.redirect(`/account/${only.key}${section}`, 303);
      const pageContext = await choicePageContext(request, reply, session, records);
      return sendPage(reply, renderRecordChoicePage(pageContext, records, section));
    });

  app.get<RecordParams>('/account/:key', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    const connections = await tryListConnections(deps, context, request);
    const { email, unconfirmedEmail } = (await findAccountProfile(deps.db, context.session.accountId)) ?? {};
    const now = deps.clock.now();
    const overview = { connections, reads: await latestReads(context), email, unconfirmedEmail, now };
    return sendPage(reply, renderOverviewPage(context, overview));
  });

  async function latestReads(context: PatientPortalContext): Promise<OverviewData['reads']> {
    const visibleFamilies = await findVisibleFamilies(deps, context);
    const filter = { zone: context.record.timeZone, visibleFamilies, readsOnly: true };
    const { entries } = await listAccessLog(deps.db, context.accountRecord, filter, {
      after: undefined,
      limit: SHOWN_READS,
    });
    const format = createEntryFormatter(deps, context);
    return entries.map((entry) => {
      const { reader, description } = format(entry);
      return { who: reader, what: description, when: formatMinute(context, entry.at), madeUp: entry.madeUp };
    });
  }

  /** Returns the layout of the choice of a record. It has the brand of the practice if all records are at one. */
  async function choicePageContext(
    request: FastifyRequest,
    reply: FastifyReply,
    session: Session,
    records: readonly PortalRecord[],
  ): Promise<AccountPageContext> {
    const [practiceId, ...otherPractices] = new Set(records.map((record) => record.practiceId));
    const pageContext =
      practiceId === undefined || otherPractices.length > 0
        ? deps.framing.forOperator(request)
        : await deps.framing.forPractice(request, practiceId);
    return { ...pageContext, user: { ...session, csrf: deps.cookies.csrf(request, reply) } };
  }
}
