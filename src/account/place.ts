import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Whose } from '../audit/index.ts';
import { Problem } from '../kernel/index.ts';
import type { Session } from '../people/index.ts';
import { type Frame, languageOf, type Words, wordsIn } from '../words/index.ts';
import type { AccountDeps } from './deps.ts';
import { type OwnRecord, ownRecords } from './records.ts';

/** Who looks, at whose record, and how the page is to be. */
export interface Place {
  readonly session: Session;
  readonly record: OwnRecord;
  /** Whether there are others to choose from. */
  readonly several: boolean;
  /** The account and the record: in every query. */
  readonly whose: Whose;
  /** Of a published account: the browser whose connections are seen, and no others. undefined: all of the account are. */
  readonly browser: Buffer | undefined;
  readonly frame: Frame;
  readonly words: Words['account'];
  /** Name of the person whose record it is, where that is not who reads. */
  readonly who: string | undefined;
  /** `/account/…`, of this record. */
  readonly base: string;
  /** What the forms of this browser carry. */
  readonly csrf: string;
}

export type RecordParams = { Params: { key: string } };

/** Which record is part of the path. One of nobody, or of somebody else, is not found: as if it did not exist. */
export async function placeOf(deps: AccountDeps, request: FastifyRequest, reply: FastifyReply): Promise<Place> {
  const session = await deps.signedIn.patient(request);
  const { key } = request.params as { key: string };
  const records = await ownRecords(deps.db, session.accountId);
  const record = records.find((one) => one.key === key.toLowerCase());
  if (record === undefined) throw nothingHere(request);
  const frame = await deps.framing.ofPractice(request, record.practiceId);
  return {
    session,
    record,
    several: records.length > 1,
    whose: { accountId: session.accountId, recordId: record.recordId },
    // A session without a browser to tell it apart has connected nothing.
    browser: session.published ? (session.browser ?? Buffer.alloc(0)) : undefined,
    frame,
    words: wordsIn(frame.language).account,
    who: record.relation === 'self' ? undefined : record.personName,
    base: `/account/${record.key}`,
    csrf: deps.cookies.csrf(request, reply),
  };
}

/** The same whether it does not exist or is another's. */
export function nothingHere(request: FastifyRequest): Problem {
  return new Problem('not-found', {
    status: 404,
    message: wordsIn(languageOf(request.headers)).account.notFound,
  });
}

export const sendPage = (reply: FastifyReply, page: string): FastifyReply =>
  reply.type('text/html; charset=utf-8').send(page);

/** A parameter given twice is not given. */
export const single = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
