import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Whose } from '../audit/index.ts';
import { Problem } from '../kernel/index.ts';
import type { Session } from '../people/index.ts';
import { type Frame, languageOf, type Words, wordsIn } from '../words/index.ts';
import type { AccountDeps } from './deps.ts';
import { type OwnRecord, ownRecords } from './records.ts';

/** The signed-in account, the record it is looking at, and how to render the page. */
export interface Place {
  readonly session: Session;
  readonly record: OwnRecord;
  readonly several: boolean;
  /** Account and record. Every query is restricted to them. */
  readonly whose: Whose;
  /**
   * Set for a shared sandbox account: only connections made in this browser are shown. undefined: the page shows all
   * connections of the account.
   */
  readonly browser: Buffer | undefined;
  readonly frame: Frame;
  readonly words: Words['account'];
  /** Patient's name; undefined when patients read their own record. */
  readonly who: string | undefined;
  /** `/account/{key}` of this record. */
  readonly base: string;
  /** Token that the forms of this browser submit. */
  readonly csrf: string;
}

export type RecordParams = { Params: { key: string } };

/**
 * Loads the context of the record named in the path.
 * @throws {Problem} 404 for an unknown record and for another person's record, so that a response never reveals whether
 * a record exists
 */
export async function placeOf(deps: AccountDeps, request: FastifyRequest, reply: FastifyReply): Promise<Place> {
  const session = await deps.signedIn.patient(request);
  const { key } = request.params as { key: string };
  const records = await ownRecords(deps.db, session.accountId);
  const record = records.find((one) => one.key === key.toLowerCase());
  if (record === undefined) throw nothingHere(request);
  const pageContext = await deps.framing.ofPractice(request, record.practiceId);
  return {
    session,
    record,
    several: records.length > 1,
    whose: { accountId: session.accountId, recordId: record.recordId },
    // A session without a browser identifier has no connections of its own, so an empty identifier matches none.
    browser: session.published ? (session.browser ?? Buffer.alloc(0)) : undefined,
    frame: pageContext,
    words: wordsIn(pageContext.language).account,
    who: record.relation === 'self' ? undefined : record.personName,
    base: `/account/${record.key}`,
    csrf: deps.cookies.csrf(request, reply),
  };
}

/** 404, the same for a record that doesn't exist and for another person's record. */
export function nothingHere(request: FastifyRequest): Problem {
  return new Problem('not-found', {
    status: 404,
    message: wordsIn(languageOf(request.headers)).account.notFound,
  });
}

export const sendPage = (reply: FastifyReply, page: string): FastifyReply =>
  reply.type('text/html; charset=utf-8').send(page);

/** A parameter that occurs more than once counts as absent. */
export const single = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
