import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessLogReader } from '../audit/index.ts';
import { getMessages, type Messages, type PageContext, requestLanguage } from '../i18n/index.ts';
import type { Session } from '../identity/index.ts';
import { type Html, Problem, sendHtml } from '../kernel/index.ts';
import type { PatientPortalDeps } from './deps.ts';
import { listPortalRecords, type PortalRecord } from './portal-records.ts';
import type { ConsumerNames } from './values/consumer-names.ts';

/** The signed-in account, the record that the person is viewing, and what is needed to render the page. */
export interface PatientPortalContext {
  readonly session: Session;
  readonly record: PortalRecord;
  readonly hasOtherRecords: boolean;
  /** Ids of the account and the record. Every query is restricted to them. */
  readonly accountRecord: AccessLogReader;
  /**
   * Set for a shared sandbox account, which sees only connections that were made in this browser. undefined for all
   * other accounts, which see all their connections.
   */
  readonly browser: Buffer | undefined;
  /** Whether pages offer the demo app: to shared sandbox accounts only. */
  readonly offersDemo: boolean;
  readonly pageContext: PageContext;
  readonly consumerNames: ConsumerNames;
  readonly messages: Messages['patientPortal'];
  /** Name of the patient whom the person represents. undefined if patients look at their own record. */
  readonly patientName: string | undefined;
  /** Path of the record's pages, `/account/{key}`. */
  readonly basePath: string;
  /** CSRF token that the forms on the page submit. */
  readonly csrf: string;
}

export type RecordParams = { Params: { key: string } };

/**
 * Loads the context of the record whose key is in the path.
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
    // A session of a shared sandbox account without a browser identifier has no connections of its own. An empty
    // identifier matches none.
    browser: session.published ? (session.browser ?? Buffer.alloc(0)) : undefined,
    offersDemo: session.published && deps.hasDemo,
    pageContext,
    consumerNames: deps.consumerNames,
    messages: getMessages(pageContext.language).patientPortal,
    patientName: record.relation === 'self' ? undefined : record.personName,
    basePath: `/account/${record.key}`,
    csrf: deps.cookies.csrf(request, reply),
  };
}

/** Creates the 404 error, which is the same for a record that doesn't exist and for another person's record. */
export function recordNotFound(request: FastifyRequest): Problem {
  return new Problem('not-found', {
    status: 404,
    message: getMessages(requestLanguage(request.headers)).patientPortal.notFound,
  });
}

export const sendPage = (reply: FastifyReply, page: Html): FastifyReply => sendHtml(reply, page);

/** Returns a parameter of the query string. A parameter that occurs more than once counts as absent. */
export const singleValue = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
