import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../kernel/index.ts';
import { compartmentOf } from '../core/compartment.ts';
import { type EnforceContext, requireType } from '../core/context.ts';
import { documentIdOf } from '../core/document-address.ts';
import { DOCUMENT_TYPE } from '../core/enforce.ts';
import { retirementHeaders } from '../core/retirement.ts';
import { LONGEST_SEARCH, startOfForm } from '../core/search-limits.ts';
import type { FhirVersion } from '../core/version.ts';
import { checkVersion } from '../store/check-version.ts';
import { openTotals } from '../store/totals.ts';
import { knownTo } from './conditional.ts';
import type { FhirDeps } from './deps.ts';
import { disclose } from './disclose.ts';
import { answerDocument, type DocumentAsked, documentAsked } from './document.ts';
import { errorRenderer, refuseUnknown } from './errors.ts';
import { exportRoutes } from './export/routes.ts';
import { feedRoute } from './feed.ts';
import { isForm } from './form.ts';
import { groupRoutes } from './group/routes.ts';
import { operationRoutes } from './operations.ts';
import { refuseOtherMethods } from './other-methods.ts';
import { isStrict, pairsOf } from './query.ts';
import { answerRead } from './read.ts';
import { answerSearch } from './search.ts';
import { openTurns } from './turns.ts';
import { answerHistory, answerVersion } from './versions.ts';
import { sendWritten, written } from './written.ts';

type TypeParams = { Params: { type: string } };
type ReadParams = { Params: { type: string; id: string } };
type VersionParams = { Params: { type: string; id: string; version: string } };
type DocumentRouteParams = { Params: { name: string } };

/**
 * Registers the routes of one FHIR version under the prefix of the scope. Type names ignore case. Whether the rest of a
 * path ignores case and a trailing slash depends on the server's router.
 */
export function fhirRoutes(scope: FastifyInstance, given: FhirDeps): void {
  const deps: FhirDeps = { totals: openTotals(), turns: openTurns(), ...given };
  const { version, endpoints, dpopAlgs, retirement } = deps;
  checkVersion(version);
  const conformance = Buffer.from(JSON.stringify(version.conformance(endpoints, retirement)));
  if (retirement !== undefined) {
    const headers = retirementHeaders(retirement);
    scope.addHook('onRequest', async (_request, reply) => void reply.headers(headers));
  }
  scope.setErrorHandler(errorRenderer(version, dpopAlgs));
  scope.setNotFoundHandler((request) => {
    throw refuseUnknown(request);
  });
  const rejectOthers = refuseOtherMethods(scope);
  scope.get('/metadata', async (request, reply) =>
    sendWritten(reply, written(request, version, { body: conformance })),
  );
  scope.get<TypeParams>(`/${TYPE}`, async (request, reply) => {
    const { type } = request.params;
    const handler = (context: EnforceContext, own: FhirDeps) =>
      answerSearch(own, context, requireType(context, type), pairsOf(request), isStrict(request));
    return disclose(deps, request, reply, { kind: 'search', type }, handler);
  });
  scope.get<ReadParams>(`/${TYPE}/:id`, async (request, reply) => {
    const { type, id } = request.params;
    // Documents are served at the URL of a Binary.
    if (type.toLowerCase() === 'binary') return sendDocument(deps, request, reply, documentAsked(request, id, true));
    const options = { pairs: pairsOf(request), known: knownTo(request) };
    const handler = (context: EnforceContext, own: FhirDeps) =>
      answerRead(own, context, requireType(context, type), id, options);
    return disclose(deps, request, reply, { kind: 'read', type }, handler);
  });
  scope.get<ReadParams>(`/Patient/:id/${TYPE}`, async (request, reply) => {
    const { type, id } = request.params;
    const handler = (context: EnforceContext, own: FhirDeps) => {
      const served = requireType(context, type);
      return answerSearch(own, context, served, pairsOf(request), isStrict(request), compartmentOf(id, served));
    };
    return disclose(deps, request, reply, { kind: 'search', type }, handler);
  });
  if (version.history !== undefined) versionRoutes(scope, deps, version.history);
  searchByPost(scope, deps);
  operationRoutes(scope, deps);
  if (deps.feed !== undefined) feedRoute(scope, deps, deps.feed);
  if (deps.exports !== undefined) {
    exportRoutes(scope, { ...deps, exports: deps.exports });
    groupRoutes(scope, deps);
  }
  // The former URL of documents, which clients may have stored.
  scope.get<DocumentRouteParams>('/document/:name', async (request, reply) =>
    sendDocument(deps, request, reply, documentAsked(request, documentIdOf(request.params.name), false)),
  );
  rejectOthers();
}

/** Older versions are stored only as R4, so a projection has no history. */
function versionRoutes(scope: FastifyInstance, deps: FhirDeps, history: NonNullable<FhirVersion['history']>): void {
  scope.get<ReadParams>(`/${TYPE}/:id/_history`, async (request, reply) => {
    const { type, id } = request.params;
    const handler = (context: EnforceContext, own: FhirDeps) =>
      answerHistory(own, context, requireType(context, type), {
        id,
        pairs: pairsOf(request),
        strict: isStrict(request),
        history,
      });
    return disclose(deps, request, reply, { kind: 'read', type }, handler);
  });
  scope.get<VersionParams>(`/${TYPE}/:id/_history/:version`, async (request, reply) => {
    const { type } = request.params;
    const options = { ...request.params, pairs: pairsOf(request), known: knownTo(request) };
    const handler = (context: EnforceContext, own: FhirDeps) =>
      answerVersion(own, context, requireType(context, type), options);
    return disclose(deps, request, reply, { kind: 'read', type }, handler);
  });
}

/** FHIR R4 search §3.1.1.1: a search with its parameters in a form keeps them out of URLs and therefore out of logs. */
function searchByPost(scope: FastifyInstance, deps: FhirDeps): void {
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: LONGEST_SEARCH },
    (_request, body, done) => done(null, startOfForm(String(body))),
  );
  scope.post<TypeParams>(`/${TYPE}/_search`, async (request, reply) => {
    const { type } = request.params;
    if (!isForm(request)) throw formExpected();
    const handler = (context: EnforceContext, own: FhirDeps) =>
      answerSearch(own, context, requireType(context, type), pairsOf(request), isStrict(request));
    return disclose(deps, request, reply, { kind: 'search', type }, handler);
  });
}

const formExpected = () =>
  new Problem('bad-request', {
    status: 415,
    message: 'Send the parameters of the search as application/x-www-form-urlencoded, or in the address.',
  });

/**
 * A path that can't be a type name isn't data, so a request for `.well-known/…` gets 404 instead of a request to
 * authenticate.
 */
const TYPE = ':type(^[A-Za-z]+$)';

const sendDocument = (deps: FhirDeps, request: FastifyRequest, reply: FastifyReply, requested: DocumentAsked) =>
  disclose(deps, request, reply, { kind: 'document', type: DOCUMENT_TYPE }, (context, own) =>
    answerDocument(own, context, requested),
  );
