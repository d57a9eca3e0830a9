import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../kernel/index.ts';
import { documentIdOf } from '../core/document-address.ts';
import { DOCUMENT_TYPE, type EnforceContext, requireType } from '../core/enforce.ts';
import type { Disclosure } from '../ports.ts';
import { checkVersion } from '../store/check-version.ts';
import { authenticate } from './bearer.ts';
import type { Answer, FhirDeps } from './deps.ts';
import { errorRenderer, refuseUnknown } from './errors.ts';
import { isStrict, mediaType, pairsOf } from './query.ts';
import { answerDocument, answerRead } from './read.ts';
import { answerSearch } from './search.ts';

type TypeParams = { Params: { type: string } };
type ReadParams = { Params: { type: string; id: string } };
type DocumentParams = { Params: { name: string } };

/**
 * One version of FHIR, mounted where the scope's prefix is. Paths ignore case and a trailing slash if the server's
 * router does; names of types ignore it in any case.
 */
export function fhirRoutes(scope: FastifyInstance, deps: FhirDeps): void {
  const { version, endpoints } = deps;
  checkVersion(version);
  const conformance = JSON.stringify(version.conformance(endpoints));
  scope.setErrorHandler(errorRenderer(version));
  scope.setNotFoundHandler((request) => {
    throw refuseUnknown(request);
  });
  scope.get('/metadata', async (request, reply) => reply.type(mediaType(request, deps.version)).send(conformance));
  scope.get<TypeParams>('/:type', async (request, reply) => {
    const { type } = request.params;
    const answer = (context: EnforceContext) =>
      answerSearch(deps, context, requireType(context, type), pairsOf(request), isStrict(request));
    return disclose(deps, request, reply, { kind: 'search', type }, answer);
  });
  scope.get<ReadParams>('/:type/:id', async (request, reply) => {
    const { type, id } = request.params;
    // Clients that know attachments as Binary resources find them there.
    if (type.toLowerCase() === 'binary') return sendDocument(deps, request, reply, id);
    const answer = (context: EnforceContext) => answerRead(deps, context, requireType(context, type), id);
    return disclose(deps, request, reply, { kind: 'read', type }, answer);
  });
  scope.get<DocumentParams>('/document/:name', async (request, reply) =>
    sendDocument(deps, request, reply, documentIdOf(request.params.name)),
  );
}

const sendDocument = (deps: FhirDeps, request: FastifyRequest, reply: FastifyReply, id: string | undefined) =>
  disclose(deps, request, reply, { kind: 'document', type: DOCUMENT_TYPE }, (context) =>
    answerDocument(deps, context, id),
  );

/** Authenticates, works, records what came of it, and only then answers. */
async function disclose(
  deps: FhirDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  what: { readonly kind: Disclosure['kind']; readonly type: string },
  work: (context: EnforceContext) => Promise<Answer>,
): Promise<FastifyReply> {
  const grant = await authenticate(request, pairsOf(request), deps.tokens);
  const context: EnforceContext = { grant, version: deps.version, base: deps.endpoints.base, now: deps.clock.now() };
  const record = (result: Pick<Disclosure, 'outcome' | 'resources' | 'detail'>) =>
    deps.audit.record({
      kind: what.kind,
      type: deps.version.types.find((type) => type.name.toLowerCase() === what.type.toLowerCase())?.name,
      requestId: request.id,
      recordId: grant.recordId,
      accountId: grant.accountId,
      clientId: grant.clientId,
      grantId: grant.grantId,
      ...result,
    });
  let answer: Answer;
  try {
    answer = await work(context);
  } catch (error) {
    const problem = error instanceof Problem ? error.code : 'internal';
    await record({ outcome: 'failure', resources: 0, detail: { problem } });
    throw error;
  }
  await record({ outcome: 'success', resources: answer.resources, detail: answer.detail });
  return reply
    .headers({ 'cache-control': 'no-store', ...answer.headers })
    .type(answer.contentType ?? mediaType(request, deps.version))
    .send(answer.body);
}
