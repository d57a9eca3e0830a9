import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DOCUMENT_TYPE } from '../authorization/enforce.ts';
import { type EnforcementContext, requireType } from '../authorization/enforcement-context.ts';
import { deprecationHeaders } from '../http/deprecation.ts';
import { parseLegacyDocumentName } from '../model/document-url.ts';
import type { FhirVersion } from '../model/fhir-version.ts';
import { readCompartmentSearch } from '../search/compartment-search.ts';
import { MAX_SEARCH_BODY_BYTES, truncateForm } from '../search/search-limits.ts';
import { assertVersionIndexed } from '../store/index/assert-version-indexed.ts';
import { createEverythingCounts } from '../store/query/everything-page.ts';
import { createTotalCache } from '../store/query/total-cache.ts';
import { feedRoute } from './bundles/feed.ts';
import type { FhirDeps } from './deps.ts';
import { createErrorHandler, unknownRoute } from './errors.ts';
import { createExpectedReferences } from './everything/expected-references.ts';
import { exportRoutes } from './export/routes.ts';
import { groupRoutes } from './groups/routes.ts';
import { operationRoutes } from './operations.ts';
import { type DocumentRequest, handleDocument, readDocumentRequest } from './read/document.ts';
import { handleRead } from './read/read.ts';
import { handleHistory, handleVersionRead } from './read/versions.ts';
import { rejectOtherMethods } from './reject-other-methods.ts';
import { readConditionalHeaders } from './request/conditional.ts';
import { formExpected, isFormOrEmpty } from './request/form.ts';
import { isStrict, readPairs } from './request/query.ts';
import { createRequestQueue } from './request/request-queue.ts';
import { handleRequest } from './response/handle-request.ts';
import { formatResponse, sendFormatted } from './response/send-response.ts';
import { handleSearch } from './search/search.ts';

type TypeParams = { Params: { type: string } };
type ReadParams = { Params: { type: string; id: string } };
type VersionParams = { Params: { type: string; id: string; version: string } };
type DocumentRouteParams = { Params: { name: string } };

/**
 * Registers the routes of one FHIR version under the prefix of the Fastify scope. Type names ignore case. Whether the
 * rest of a path ignores case and a trailing slash depends on the server's router.
 */
export function fhirRoutes(scope: FastifyInstance, given: FhirDeps): void {
  const deps: FhirDeps = {
    totals: createTotalCache(),
    everythingCounts: createEverythingCounts(),
    expectedReferences: createExpectedReferences(),
    requestQueue: createRequestQueue(),
    ...given,
  };
  const { version, endpoints, dpopAlgs, deprecation } = deps;
  assertVersionIndexed(version);
  const conformance = Buffer.from(JSON.stringify(version.conformance(endpoints, deprecation)));
  if (deprecation !== undefined) {
    const headers = deprecationHeaders(deprecation);
    scope.addHook('onRequest', async (_request, reply) => void reply.headers(headers));
  }
  scope.setErrorHandler(createErrorHandler(version, dpopAlgs));
  scope.setNotFoundHandler((request) => {
    throw unknownRoute(request);
  });
  const rejectOthers = rejectOtherMethods(scope);
  scope.get('/metadata', async (request, reply) =>
    sendFormatted(reply, formatResponse(request, version, { body: conformance })),
  );
  scope.get<TypeParams>(`/${TYPE}`, async (request, reply) => {
    const { type } = request.params;
    const handler = (context: EnforcementContext, requestDeps: FhirDeps) =>
      handleSearch(requestDeps, context, requireType(context, type), readPairs(request), isStrict(request));
    return handleRequest(deps, request, reply, { kind: 'search', type }, handler);
  });
  scope.get<ReadParams>(`/${TYPE}/:id`, async (request, reply) => {
    const { type, id } = request.params;
    // A read of a Binary serves a patient's document.
    if (type.toLowerCase() === 'binary')
      return sendDocument(deps, request, reply, readDocumentRequest(request, id, true));
    const options = { pairs: readPairs(request), conditionalHeaders: readConditionalHeaders(request) };
    const handler = (context: EnforcementContext, requestDeps: FhirDeps) =>
      handleRead(requestDeps, context, requireType(context, type), id, options);
    return handleRequest(deps, request, reply, { kind: 'read', type, isLookup: true }, handler);
  });
  scope.get<ReadParams>(`/Patient/:id/${TYPE}`, async (request, reply) => {
    const { type, id } = request.params;
    const handler = (context: EnforcementContext, requestDeps: FhirDeps) => {
      const served = requireType(context, type);
      return handleSearch(
        requestDeps,
        context,
        served,
        readPairs(request),
        isStrict(request),
        readCompartmentSearch(id, served),
      );
    };
    return handleRequest(deps, request, reply, { kind: 'search', type }, handler);
  });
  if (version.history !== undefined) versionRoutes(scope, deps, version.history);
  searchByPost(scope, deps);
  operationRoutes(scope, deps);
  if (deps.bundleReceiver !== undefined) feedRoute(scope, deps, deps.bundleReceiver);
  if (deps.exports !== undefined) {
    exportRoutes(scope, { ...deps, exports: deps.exports });
    groupRoutes(scope, deps);
  }
  // Documents were served at this URL before they were served as Binary. The route remains, because clients may have
  // stored such URLs.
  scope.get<DocumentRouteParams>('/document/:name', async (request, reply) =>
    sendDocument(
      deps,
      request,
      reply,
      readDocumentRequest(request, parseLegacyDocumentName(request.params.name), false),
    ),
  );
  rejectOthers();
}

/** Registers the routes of histories. DSTU2 has none, because older versions are stored only as R4. */
function versionRoutes(scope: FastifyInstance, deps: FhirDeps, history: NonNullable<FhirVersion['history']>): void {
  scope.get<ReadParams>(`/${TYPE}/:id/_history`, async (request, reply) => {
    const { type, id } = request.params;
    const handler = (context: EnforcementContext, requestDeps: FhirDeps) =>
      handleHistory(requestDeps, context, requireType(context, type), {
        id,
        pairs: readPairs(request),
        strict: isStrict(request),
        history,
      });
    return handleRequest(deps, request, reply, { kind: 'read', type }, handler);
  });
  scope.get<VersionParams>(`/${TYPE}/:id/_history/:version`, async (request, reply) => {
    const { type } = request.params;
    const options = {
      ...request.params,
      pairs: readPairs(request),
      conditionalHeaders: readConditionalHeaders(request),
    };
    const handler = (context: EnforcementContext, requestDeps: FhirDeps) =>
      handleVersionRead(requestDeps, context, requireType(context, type), options);
    return handleRequest(deps, request, reply, { kind: 'read', type }, handler);
  });
}

/**
 * Registers searches by POST. FHIR R4 search §3.1.1.1: parameters in a form stay out of URLs and therefore out of logs.
 */
function searchByPost(scope: FastifyInstance, deps: FhirDeps): void {
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MAX_SEARCH_BODY_BYTES },
    (_request, body, done) => done(null, truncateForm(String(body))),
  );
  scope.post<TypeParams>(`/${TYPE}/_search`, async (request, reply) => {
    const { type } = request.params;
    if (!isFormOrEmpty(request)) throw formExpected();
    const handler = (context: EnforcementContext, requestDeps: FhirDeps) =>
      handleSearch(requestDeps, context, requireType(context, type), readPairs(request), isStrict(request));
    return handleRequest(deps, request, reply, { kind: 'search', type }, handler);
  });
}

/**
 * Matches path segments that can be a type name. Other paths aren't data, so a request for `.well-known/…` gets 404
 * instead of a request to authenticate.
 */
const TYPE = ':type(^[A-Za-z]+$)';

const sendDocument = (deps: FhirDeps, request: FastifyRequest, reply: FastifyReply, requested: DocumentRequest) =>
  handleRequest(deps, request, reply, { kind: 'document', type: DOCUMENT_TYPE }, (context, requestDeps) =>
    handleDocument(requestDeps, context, requested),
  );
