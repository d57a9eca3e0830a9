import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Grant } from '../../access/index.ts';
import { FRESH, Problem, problemOf, type RecordId, traceOf } from '../../kernel/index.ts';
import type { EnforceContext } from '../core/context.ts';
import { typeNamed } from '../core/forms.ts';
import { modestPairs } from '../core/search-limits.ts';
import type { Disclosure } from '../ports.ts';
import { authenticate } from './bearer.ts';
import type { Answer, Asked, FhirDeps } from './deps.ts';
import { observer } from './observe.ts';
import { keepPairs, pairsOf } from './query.ts';
import { whileAllowed } from './streamed.ts';
import { openTurns } from './turns.ts';
import { sendWritten, type Written, written } from './written.ts';

/**
 * Authenticates, works when it is the grant's turn, records what came of it, and only then answers.
 * @param work by what it is given, whose statements end with the request
 */
export async function disclose(
  deps: FhirDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Asked,
  work: (context: EnforceContext, deps: FhirDeps) => Promise<Answer>,
): Promise<FastifyReply> {
  const observed = observer(deps, request, reply, asked);
  const { grant, token } = await authenticate(request, pairsOf(request), deps.tokens).catch((error) => {
    observed.unproved(error);
    throw error;
  });
  const now = deps.clock.now();
  const context: EnforceContext = { grant, version: deps.version, base: deps.endpoints.base, now };
  const record = recorder(deps, request, grant, asked);
  let answer: Answer;
  let sent: Written;
  const signal = endOf(reply);
  const { turns = openTurns(), within } = deps;
  const bounds = { signal, milliseconds: turns.statementTime(grant) };
  const own = within === undefined ? deps : { ...deps, db: within(bounds) };
  const inTurn = <Result>(some: () => Promise<Result>) => turns.inTurn(grant, asked.kind, some, signal);
  try {
    keepPairs(request, modestPairs(pairsOf(request)));
    const found = await inTurn(async () => {
      await deps.upkeep?.prepare(grant, deps.version.projection !== undefined);
      return work(context, own);
    });
    answer = whileStillAllowed(found, deps, request, {
      inTurn,
      requireStill: () => deps.tokens.requireStill(token, grant),
    });
    sent = written(request, deps.version, answer);
    // Access that ended while the database was busy has ended, and what was taken from it is taken: the person was told so.
    if (deps.clock.now().getTime() - now.getTime() >= FRESH) await deps.tokens.requireStill(token, grant);
  } catch (error) {
    const problem = error instanceof Problem ? error.code : 'internal';
    await record(grant.record?.recordId, { outcome: 'failure', resources: 0, detail: { problem } });
    observed.refused(grant, error);
    throw error;
  }
  await recordAnswer(record, grant, answer);
  observed.answered(grant, answer);
  return sendWritten(
    reply.code(answer.status ?? 200).headers({ 'cache-control': 'no-store', ...answer.headers }),
    sent,
  );
}

/** The type is another than was asked for, where an answer has several. */
type Result = Pick<Disclosure, 'outcome' | 'resources' | 'detail'> & { readonly type?: string };
type Recorder = (recordId: RecordId | undefined, result: Result) => Promise<void>;

function recorder({ audit, version }: FhirDeps, request: FastifyRequest, grant: Grant, asked: Asked): Recorder {
  const { accountId, clientId, grantId, familyId } = grant;
  const type = typeNamed(version.types, asked.type)?.name;
  return (recordId, { type: own = type, ...result }) =>
    audit.record({
      kind: asked.kind,
      type: own,
      requestId: request.id,
      recordId,
      accountId,
      clientId,
      grantId,
      familyId,
      ...result,
    });
}

interface While {
  readonly inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly requireStill: () => Promise<void>;
}

/** Aborts when the client closes the connection before it has the whole answer. */
function endOf({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort(clientGone());
  });
  return controller.signal;
}

const clientGone = (): Problem =>
  new Problem('client-gone', { status: 499, message: 'The client closed the connection before it had the answer.' });

/** What is read while it is sent ends with the access. */
function whileStillAllowed(
  answer: Answer,
  { clock }: FhirDeps,
  { log }: FastifyRequest,
  { inTurn, requireStill }: While,
): Answer {
  const { body } = answer;
  if (typeof body === 'string' || Buffer.isBuffer(body)) return answer;
  const batches = whileAllowed(() => inTurn(body.batches), {
    clock,
    requireStill,
    broken(error) {
      const { code, status, cause } = problemOf(error);
      if (status >= 500) log.error({ problem: code, trace: traceOf(cause) });
    },
  });
  return { ...answer, body: { ...body, batches } };
}

/** For each patient whose data leaves, so that they can be told who read what; otherwise once. */
async function recordAnswer(record: Recorder, grant: Grant, answer: Answer): Promise<void> {
  const { detail, resources } = answer;
  const counts = countsOf(answer);
  const results = counts.length > 0 ? counts : [{ recordId: grant.record?.recordId, resources }];
  await Promise.all(results.map(({ recordId, ...one }) => record(recordId, { outcome: 'success', detail, ...one })));
}

const countsOf = ({ records, byType }: Answer) =>
  byType ?? [...records].map(([recordId, resources]) => ({ recordId, resources }));
