import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type EnforceContext, requireType } from '../core/context.ts';
import { documentIdOf } from '../core/document-address.ts';
import { DOCUMENT_TYPE } from '../core/enforce.ts';
import { checkVersion } from '../store/check-version.ts';
import type { FhirDeps } from './deps.ts';
import { disclose } from './disclose.ts';
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
  const { version, endpoints, dpopAlgs } = deps;
  checkVersion(version);
  const conformance = JSON.stringify(version.conformance(endpoints));
  scope.setErrorHandler(errorRenderer(version, dpopAlgs));
  scope.setNotFoundHandler((request) => {
    throw refuseUnknown(request);
  });
  scope.get('/metadata', async (request, reply) => reply.type(mediaType(request, deps.version)).send(conformance));
  scope.get<TypeParams>(`/${TYPE}`, async (request, reply) => {
    const { type } = request.params;
    const answer = (context: EnforceContext) =>
      answerSearch(deps, context, requireType(context, type), pairsOf(request), isStrict(request));
    return disclose(deps, request, reply, { kind: 'search', type }, answer);
  });
  scope.get<ReadParams>(`/${TYPE}/:id`, async (request, reply) => {
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

/** What can be no name of a type is no address of data: whoever asks for `.well-known/…` is not to be asked who they are. */
const TYPE = ':type(^[A-Za-z]+$)';

const sendDocument = (deps: FhirDeps, request: FastifyRequest, reply: FastifyReply, id: string | undefined) =>
  disclose(deps, request, reply, { kind: 'document', type: DOCUMENT_TYPE }, (context) =>
    answerDocument(deps, context, id),
  );
