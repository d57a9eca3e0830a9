import type { FastifyInstance } from 'fastify';
import type { EnforcementContext } from '../authorization/enforcement-context.ts';
import { type FhirOperation, type FhirOperationName, operationPath } from '../model/operation.ts';
import { limitParameters, MAX_SEARCH_BODY_BYTES } from '../search/search-limits.ts';
import type { FhirDeps, FhirResponse } from './deps.ts';
import { handleEverything } from './everything/everything.ts';
import type { OperationCall } from './operation-call.ts';
import { readBodiesAsText, readOperationPairs } from './request/parameters-body.ts';
import { isStrict } from './request/query.ts';
import { handleRequest } from './response/handle-request.ts';
import { handleDocref } from './search/docref.ts';
import { handleExpand } from './search/expand.ts';
import { handleSummary } from './summary/summary.ts';

const HANDLERS: Readonly<Record<FhirOperationName, (call: OperationCall) => Promise<FhirResponse>>> = {
  expand: handleExpand,
  docref: ({ deps, context, pairs, strict }) => handleDocref(deps, context, pairs, strict),
  everything: ({ deps, context, ...call }) => handleEverything(deps, context, call),
  summary: handleSummary,
};

type OperationRouteParams = { Params: { id?: string } };

/**
 * Registers the operations of one FHIR version. Each can be called with GET, or with POST and a form or Parameters
 * resource (FHIR R4 §3.2.0.1).
 */
export function operationRoutes(scope: FastifyInstance, deps: FhirDeps): void {
  void scope.register(async (child) => {
    readBodiesAsText(child, MAX_SEARCH_BODY_BYTES);
    for (const operation of deps.version.operations)
      for (const level of operation.levels) operationRoute(child, deps, operation, level);
  });
}

function operationRoute(
  scope: FastifyInstance,
  deps: FhirDeps,
  operation: FhirOperation,
  level: FhirOperation['levels'][number],
): void {
  const handle = HANDLERS[operation.name];
  const url = operationPath(operation, level).replace('{id}', ':id');
  scope.route<OperationRouteParams>({
    method: ['GET', 'POST'],
    url,
    handler: async (request, reply) => {
      const callOptions = { id: request.params.id, strict: isStrict(request) };
      const handler = (context: EnforcementContext, requestDeps: FhirDeps) =>
        handle({ deps: requestDeps, context, ...callOptions, pairs: limitParameters(readOperationPairs(request)) });
      return handleRequest(deps, request, reply, { kind: 'search', type: operation.type }, handler);
    },
  });
}
