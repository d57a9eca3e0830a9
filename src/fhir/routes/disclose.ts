import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Grant } from '../../access/index.ts';
import { Problem, type RecordId } from '../../kernel/index.ts';
import type { EnforceContext } from '../core/context.ts';
import type { Disclosure } from '../ports.ts';
import { authenticate } from './bearer.ts';
import type { Answer, FhirDeps } from './deps.ts';
import { mediaType, pairsOf } from './query.ts';

/** What is asked for: how, and of which type, as the client wrote it. */
export interface Asked {
  readonly kind: Disclosure['kind'];
  readonly type: string;
}

/** Authenticates, works, records what came of it, and only then answers. */
export async function disclose(
  deps: FhirDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Asked,
  work: (context: EnforceContext) => Promise<Answer>,
): Promise<FastifyReply> {
  const grant = await authenticate(request, pairsOf(request), deps.tokens);
  const context: EnforceContext = { grant, version: deps.version, base: deps.endpoints.base, now: deps.clock.now() };
  const record = recorder(deps, request, grant, asked);
  let answer: Answer;
  try {
    answer = await work(context);
  } catch (error) {
    const problem = error instanceof Problem ? error.code : 'internal';
    await record(grant.record?.recordId, { outcome: 'failure', resources: 0, detail: { problem } });
    throw error;
  }
  await recordAnswer(record, grant, answer);
  return reply
    .headers({ 'cache-control': 'no-store', ...answer.headers })
    .type(answer.contentType ?? mediaType(request, deps.version))
    .send(answer.body);
}

type Result = Pick<Disclosure, 'outcome' | 'resources' | 'detail'>;
type Recorder = (recordId: RecordId | undefined, result: Result) => Promise<void>;

function recorder({ audit, version }: FhirDeps, request: FastifyRequest, grant: Grant, asked: Asked): Recorder {
  const { accountId, clientId, grantId } = grant;
  const type = version.types.find(({ name }) => name.toLowerCase() === asked.type.toLowerCase())?.name;
  return (recordId, result) =>
    audit.record({ kind: asked.kind, type, requestId: request.id, recordId, accountId, clientId, grantId, ...result });
}

/** For each patient whose data leaves, so that they can be told who read what; otherwise once. */
async function recordAnswer(record: Recorder, grant: Grant, answer: Answer): Promise<void> {
  const { detail, records } = answer;
  const counts = records.size > 0 ? [...records] : ([[grant.record?.recordId, answer.resources]] as const);
  await Promise.all(counts.map(([recordId, resources]) => record(recordId, { outcome: 'success', resources, detail })));
}
