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
 * Authenticates a request, runs the handler when it is the grant's turn, records the disclosure, and only then sends
 * the response. A failure is recorded as well.
 * @param work the handler; it must use the given dependencies, whose statements are canceled when the request ends
 */
export async function disclose(
  deps: FhirDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  interaction: Asked,
  handler: (context: EnforceContext, deps: FhirDeps) => Promise<Answer>,
): Promise<FastifyReply> {
  const requestObserver = observer(deps, request, reply, interaction);
  const { grant, token } = await authenticate(request, pairsOf(request), deps.tokens).catch((error) => {
    requestObserver.unproved(error);
    throw error;
  });
  const now = deps.clock.now();
  const context: EnforceContext = { grant, version: deps.version, base: deps.endpoints.base, now };
  const record = createRecorder(deps, request, grant, interaction);
  let response: Answer;
  let formatted: Written;
  const signal = abortOnClose(reply);
  const { turns = openTurns(), within } = deps;
  const limits = { signal, milliseconds: turns.statementTime(grant) };
  const requestDeps = within === undefined ? deps : { ...deps, db: within(limits) };
  const inTurn = <Result>(task: () => Promise<Result>) => turns.inTurn(grant, interaction.kind, task, signal);
  try {
    keepPairs(request, modestPairs(pairsOf(request)));
    const found = await inTurn(async () => {
      await deps.upkeep?.prepare(grant, deps.version.projection !== undefined);
      return handler(context, requestDeps);
    });
    response = guardStream(found, deps, request, {
      inTurn,
      requireStill: () => deps.tokens.requireStill(token, grant),
    });
    formatted = written(request, deps.version, response);
    // A request that took longer than grants are cached is checked again: the access may have ended or shrunk while the
    // database was busy, and the person has already been told that it did.
    if (deps.clock.now().getTime() - now.getTime() >= FRESH) await deps.tokens.requireStill(token, grant);
  } catch (error) {
    const problem = error instanceof Problem ? error.code : 'internal';
    await record(grant.record?.recordId, { outcome: 'failure', resources: 0, detail: { problem } });
    requestObserver.refused(grant, error);
    throw error;
  }
  await recordSuccess(record, grant, response);
  requestObserver.answered(grant, response);
  return sendWritten(
    reply.code(response.status ?? 200).headers({ 'cache-control': 'no-store', ...response.headers }),
    formatted,
  );
}

/** The type differs from the requested one if a response contains several types. */
type RecordedResult = Pick<Disclosure, 'outcome' | 'resources' | 'detail'> & { readonly type?: string };
type DisclosureRecorder = (recordId: RecordId | undefined, result: RecordedResult) => Promise<void>;

function createRecorder(
  { audit, version }: FhirDeps,
  request: FastifyRequest,
  grant: Grant,
  interaction: Asked,
): DisclosureRecorder {
  const { accountId, clientId, grantId, familyId } = grant;
  const type = typeNamed(version.types, interaction.type)?.name;
  return (recordId, { type: disclosedType = type, ...result }) =>
    audit.record({
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

/** Aborts if the client closes the connection before it has received the whole response. */
function abortOnClose({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort(clientGone());
  });
  return controller.signal;
}

const clientGone = (): Problem =>
  new Problem('client-gone', { status: 499, message: 'The client closed the connection before it had the answer.' });

/** Ends a streamed response when the access ends. */
function guardStream(
  answer: Answer,
  { clock }: FhirDeps,
  { log }: FastifyRequest,
  { inTurn, requireStill }: StreamAccess,
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

/**
 * Records one disclosure for each patient whose data is sent, so that patients can see who read their data; otherwise a
 * single one.
 */
async function recordSuccess(record: DisclosureRecorder, grant: Grant, answer: Answer): Promise<void> {
  const { detail, resources } = answer;
  const counts = disclosureCounts(answer);
  const results = counts.length > 0 ? counts : [{ recordId: grant.record?.recordId, resources }];
  await Promise.all(results.map(({ recordId, ...one }) => record(recordId, { outcome: 'success', detail, ...one })));
}

const disclosureCounts = ({ records, byType }: Answer) =>
  byType ?? [...records].map(([recordId, resources]) => ({ recordId, resources }));
