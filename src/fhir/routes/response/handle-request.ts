import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessGrant } from '../../../access/index.ts';
import type { QueryLimits } from '../../../database/index.ts';
import type { FindStatement } from '../../../domain/index.ts';
import { CACHE_TTL_MS, errorTrace, Problem, type RecordId, toProblem } from '../../../kernel/index.ts';
import type { EnforcementContext } from '../../authorization/enforcement-context.ts';
import { findTypeByName } from '../../model/type-variants.ts';
import type { Disclosure } from '../../ports.ts';
import { limitParameters } from '../../search/search-limits.ts';
import { type ReadDatabase, withReplica } from '../../store/query/contents/read-contents.ts';
import type { FhirDeps, FhirInteraction, FhirResponse, FindRecorder } from '../deps.ts';
import { authenticate } from '../request/bearer.ts';
import { cachePairs, readPairs } from '../request/query.ts';
import { createRequestQueue, type RequestQueue } from '../request/request-queue.ts';
import { readIfShort, stopWhenAccessEnds } from './bundle-stream.ts';
import { createRequestObserver, type RequestObserver } from './request-observer.ts';
import { type FormattedResponse, formatResponse, sendFormatted } from './send-response.ts';

/** An authenticated request within the limit of its app. */
interface AcceptedRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly interaction: FhirInteraction;
  readonly context: EnforcementContext;
  readonly token: string;
  readonly toDisclosure: DisclosureBuilder;
  readonly record: DisclosureRecorder;
  readonly observer: RequestObserver;
}

type FhirHandler = (context: EnforcementContext, deps: FhirDeps) => Promise<FhirResponse>;

/**
 * Authenticates a request, runs its handler when it is the grant's turn, records the disclosure, and only then sends
 * the response. A failure is recorded as well.
 * @param handler must use the dependencies that it is given: their database statements are canceled when the request
 * ends
 */
export async function handleRequest(
  deps: FhirDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  interaction: FhirInteraction,
  handler: FhirHandler,
): Promise<FastifyReply> {
  const observer = createRequestObserver(deps, request, reply, interaction);
  const { grant, token } = await authenticate(request, readPairs(request), deps.tokens).catch((error) => {
    observer.unauthenticated(error);
    throw error;
  });
  const context = { grant, version: deps.version, base: deps.endpoints.base, now: deps.clock.now() };
  const toDisclosure = createDisclosureBuilder(deps, request, grant, interaction);
  const record: DisclosureRecorder = (recordId, result) => deps.audit.append(toDisclosure(recordId, result));
  const throttled = deps.appLimit?.count(grant, reply);
  if (throttled !== undefined) {
    const { problem, isAudited } = throttled;
    if (isAudited) await record(grant.record?.recordId, toFailure(problem));
    observer.rejected(grant, problem);
    await throttled.holdBack();
    throw problem;
  }
  const { requestQueue = createRequestQueue() } = deps;
  const leave = requestQueue.enter(grant);
  try {
    const accepted = { request, reply, interaction, context, token, toDisclosure, record, observer };
    return await respond(deps, requestQueue, accepted, handler);
  } finally {
    callWhenSent(reply, leave);
  }
}

/** Runs the handler of a request, records what the response discloses, and sends it. */
async function respond(
  deps: FhirDeps,
  requestQueue: RequestQueue,
  { request, reply, interaction, context, token, toDisclosure, record, observer }: AcceptedRequest,
  handler: FhirHandler,
): Promise<FastifyReply> {
  const { grant, now } = context;
  let response: FhirResponse;
  let formatted: FormattedResponse;
  const signal = abortOnClose(reply);
  const lane = interaction.isLookup ? 'lookup' : interaction.kind === 'search' ? 'search' : 'read';
  const inTurn = <Result>(task: () => Promise<Result>) => requestQueue.run(grant, lane, task, signal);
  const limits = { signal, milliseconds: requestQueue.statementTimeoutMs(grant) };
  const findRecorder = createFindRecorder(deps, context, toDisclosure, limits);
  const db = (interaction.isLookup ? deps.lookups : undefined) ?? limitedDatabase(deps, limits);
  const requestDeps = { ...deps, db, findRecorder };
  try {
    cachePairs(request, limitParameters(readPairs(request)));
    const found = await inTurn(async () => {
      await deps.upkeep?.prepare(grant, deps.version.projection !== undefined);
      const answer = await handler(context, requestDeps);
      return request.method === 'HEAD' ? answer : { ...answer, body: await readBody(answer.body) };
    });
    response = guardStream(found, deps, request, {
      inTurn,
      requireStill: () => deps.tokens.requireStillValid(token, grant),
    });
    formatted = formatResponse(request, deps.version, response);
    // If a request takes longer than grants are cached, its grant is checked again. The access may have ended or shrunk
    // while the database was busy, and the person who changed it may have seen a confirmation before this response is
    // sent.
    if (deps.clock.now().getTime() - now.getTime() >= CACHE_TTL_MS) await deps.tokens.requireStillValid(token, grant);
  } catch (error) {
    await record(grant.record?.recordId, toFailure(error));
    observer.rejected(grant, error);
    throw error;
  }
  if (findRecorder?.isRecorded() !== true) await recordSuccess(record, grant, response);
  const sent = sendFormatted(
    reply.code(response.status ?? 200).headers({ 'cache-control': 'no-store', ...response.headers }),
    formatted,
  );
  // The client need not wait for the activity log.
  observer.succeeded(grant, response);
  return sent;
}

/**
 * Returns a database whose statements are canceled when the request ends or takes too long. Lookups don't need it: a
 * cancel request could hit the statement of another request on their connection, which has a time limit of its own.
 */
const limitedDatabase = ({ db, withLimits, replica, shortPages }: FhirDeps, limits: QueryLimits): ReadDatabase =>
  withLimits === undefined ? db : { ...withReplica(withLimits(limits), replica, limits.signal), shortPages };

/**
 * Creates what records the disclosure of a request in the statement that finds its resources. It records nothing if the
 * access may have to be checked again when the resources are found. If the response fails for another reason, the audit
 * log has a disclosure that wasn't sent, and the failure.
 * @param limits of statements that aren't short
 * @returns undefined if the grant is for several patient records
 */
function createFindRecorder(
  { findLog, clock, recordedReads, withLimits }: FhirDeps,
  { grant: { record }, now }: EnforcementContext,
  toDisclosure: DisclosureBuilder,
  limits: QueryLimits,
): FindRecorder | undefined {
  if (findLog === undefined || withLimits === undefined || record === undefined) return undefined;
  let isRecorded = false;
  return {
    isFaster: () => findLog.isQuiet(),
    async findAndRecord<Row>(statement: FindStatement, detail: FhirResponse['detail']) {
      const disclosure = toDisclosure(record.recordId, { outcome: 'success', resources: 0, detail });
      const within = Math.max(0, CACHE_TTL_MS / 2 - (clock.now().getTime() - now.getTime()));
      const shared = statement.isShort ? recordedReads : undefined;
      const db = shared ?? withLimits({ ...limits, writes: true });
      const { rows, isAppended } = await findLog.findAndAppend<Row>(db, statement, disclosure, within);
      isRecorded = isAppended;
      return rows;
    },
    isRecorded: () => isRecorded,
  };
}

const readBody = (body: FhirResponse['body']): Promise<FhirResponse['body']> | FhirResponse['body'] =>
  typeof body === 'string' || Buffer.isBuffer(body) ? body : readIfShort(body);

/**
 * Result of a request as the audit log records it. `type` is set if the response contains several types and differs
 * from the requested type.
 */
type RecordedResult = Pick<Disclosure, 'outcome' | 'resources' | 'records' | 'practiceId' | 'detail'> & {
  readonly type?: string;
};

const toFailure = (error: unknown): RecordedResult => ({
  outcome: 'failure',
  resources: 0,
  detail: { problem: error instanceof Problem ? error.code : 'internal' },
});

type DisclosureBuilder = (recordId: RecordId | undefined, result: RecordedResult) => Disclosure;
type DisclosureRecorder = (recordId: RecordId | undefined, result: RecordedResult) => Promise<void>;

/** Returns a function that adds to a result by whom and in which request it was requested. */
function createDisclosureBuilder(
  { version }: FhirDeps,
  request: FastifyRequest,
  grant: AccessGrant,
  interaction: FhirInteraction,
): DisclosureBuilder {
  const { accountId, clientId, grantId, familyId } = grant;
  const type = findTypeByName(version.types, interaction.type)?.name;
  return (recordId, { type: disclosedType = type, ...result }) => ({
    kind: interaction.kind,
    type: disclosedType,
    requestId: request.id,
    recordId,
    accountId,
    clientId,
    grantId,
    familyId,
    ...result,
  });
}

interface StreamAccess {
  readonly inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly requireStill: () => Promise<void>;
}

/** Returns a signal that aborts if the client closes the connection before it has received the whole response. */
function abortOnClose({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => {
    if (!raw.writableFinished) controller.abort(clientDisconnected());
  };
  // The client may have disconnected while its token was checked. No event follows then.
  if (raw.closed) abort();
  else raw.on('close', abort);
  return controller.signal;
}

/**
 * Milliseconds after which a response counts as sent, although its client hasn't read it yet. The server has nothing
 * more to do for it.
 */
const SENT_AFTER_MS = 100;

/**
 * Calls a function once, when a response is sent. Its listeners stay on the response: removing them takes longer, and
 * nothing uses the response afterwards.
 */
function callWhenSent({ raw }: FastifyReply, callback: () => void): void {
  // Most responses are written at once, before Node emits `finish`, so they need no timer.
  const isWritten = raw.writableEnded && raw.writableLength === 0;
  if (isWritten || raw.closed) {
    callback();
    return;
  }
  let isCalled = false;
  const call = (): void => {
    if (isCalled) return;
    isCalled = true;
    clearTimeout(timer);
    callback();
  };
  const timer = setTimeout(call, SENT_AFTER_MS).unref();
  raw.on('finish', call).on('close', call);
}

const clientDisconnected = (): Problem =>
  new Problem('client-gone', {
    status: 499,
    message: 'The client closed the connection before the response was complete.',
  });

/** Makes a streamed response end when the access of the app ends. */
function guardStream(
  answer: FhirResponse,
  { clock }: FhirDeps,
  { log }: FastifyRequest,
  { inTurn, requireStill }: StreamAccess,
): FhirResponse {
  const { body } = answer;
  if (typeof body === 'string' || Buffer.isBuffer(body)) return answer;
  const batches = stopWhenAccessEnds(() => inTurn(body.nextBatch), {
    clock,
    requireStill,
    broken(error) {
      const { code, status, cause } = toProblem(error);
      if (status >= 500) log.error({ problem: code, trace: errorTrace(cause) });
    },
  });
  return { ...answer, body: { ...body, nextBatch: batches } };
}

/**
 * Records one disclosure for each type, with the patients whose data is sent, so that patients can see who read their
 * data. If no patient's data is sent, it records one disclosure without a patient.
 */
async function recordSuccess(record: DisclosureRecorder, grant: AccessGrant, answer: FhirResponse): Promise<void> {
  const { detail, resources } = answer;
  const disclosures = [...Map.groupBy(disclosureCounts(answer), ({ type }) => type).values()];
  if (disclosures.length === 0) await record(grant.record?.recordId, { outcome: 'success', detail, resources });
  await Promise.all(
    disclosures.map(([one, ...others]) => {
      if (one === undefined) return undefined;
      const { recordId, ...counts } = one;
      if (others.length === 0) return record(recordId, { outcome: 'success', detail, ...counts });
      const records = new Map([one, ...others].map((each) => [each.recordId, each.resources]));
      return record(undefined, {
        ...counts,
        outcome: 'success',
        detail,
        records,
        resources: [...records.values()].reduce((sum, count) => sum + count, 0),
        practiceId: grant.practices.length === 1 ? grant.practices[0] : undefined,
      });
    }),
  );
}

interface DisclosureCount {
  readonly recordId: RecordId;
  readonly type?: string;
  readonly resources: number;
}

const disclosureCounts = ({ records, byType }: FhirResponse): readonly DisclosureCount[] =>
  byType ?? [...records].map(([recordId, resources]) => ({ recordId, resources }));
