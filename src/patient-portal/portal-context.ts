import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessLogReader } from '../audit/index.ts';
import { getMessages, type Messages, type PageContext, requestLanguage } from '../i18n/index.ts';
import type { Session } from '../identity/index.ts';
import { type Html, Problem, sendHtml } from '../kernel/index.ts';
import type { PatientPortalDeps } from './deps.ts';
import { listPortalRecords, type PortalRecord } from './portal-records.ts';

/** The signed-in account, the record it is looking at, and how to render the page. */
export interface PatientPortalContext {
  readonly session: Session;
  readonly record: PortalRecord;
  readonly hasOtherRecords: boolean;
  /** Account and record. Every query is restricted to them. */
  readonly accountRecord: AccessLogReader;
  /**
   * Set for a shared sandbox account: only connections made in this browser are shown. undefined: the page shows all
   * connections of the account.
   */
  readonly browser: Buffer | undefined;
  readonly pageContext: PageContext;
  readonly messages: Messages['account'];
  /** Patient's name; undefined when patients read their own record. */
  readonly patientName: string | undefined;
  /** `/account/{key}` of this record. */
  readonly basePath: string;
  /** Token that the forms of this browser submit. */
  readonly csrf: string;
}

export type RecordParams = { Params: { key: string } };

/**
 * Loads the context of the record named in the path.
 * @throws {Problem} 404 for an unknown record and for another person's record, so that a response never reveals whether
 * a record exists
 */
export async function loadPortalContext(
  deps: PatientPortalDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<PatientPortalContext> {
  const session = await deps.signedIn.patient(request);
  const { key } = request.params as { key: string };
  const records = await listPortalRecords(deps.db, session.accountId);
  const record = records.find((one) => one.key === key.toLowerCase());
  if (record === undefined) throw recordNotFound(request);
  const pageContext = await deps.framing.forPractice(request, record.practiceId);
  return {
    session,
    record,
    hasOtherRecords: records.length > 1,
    accountRecord: { accountId: session.accountId, recordId: record.recordId },
    // A session without a browser identifier has no connections of its own, so an empty identifier matches none.
    browser: session.published ? (session.browser ?? Buffer.alloc(0)) : undefined,
    pageContext,
    messages: getMessages(pageContext.language).account,
    patientName: record.relation === 'self' ? undefined : record.personName,
    basePath: `/account/${record.key}`,
    csrf: deps.cookies.csrf(request, reply),
  };
}

/** 404, the same for a record that doesn't exist and for another person's record. */
export function recordNotFound(request: FastifyRequest): Problem {
  return new Problem('not-found', {
    status: 404,
    message: getMessages(requestLanguage(request.headers)).account.notFound,
  });
}

export const sendPage = (reply: FastifyReply, page: Html): FastifyReply => sendHtml(reply, page);

/** A parameter that occurs more than once counts as absent. */
export const singleValue = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
