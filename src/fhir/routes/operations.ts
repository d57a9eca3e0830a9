import type { FastifyInstance } from 'fastify';
import type { EnforceContext } from '../core/context.ts';
import { type Operation, type OperationName, operationPath } from '../core/operation.ts';
import { LONGEST_SEARCH, modestPairs } from '../core/search-limits.ts';
import type { Pair } from '../core/search-request.ts';
import type { Answer, FhirDeps } from './deps.ts';
import { disclose } from './disclose.ts';
import { answerDocref } from './docref.ts';
import { answerEverything } from './everything.ts';
import { answerExpand } from './expand.ts';
import { pairsSent, readBodiesAsText } from './parameters-body.ts';
import { isStrict } from './query.ts';
import { answerSummary } from './summary.ts';

/** One call of an operation. */
export interface Call {
  readonly deps: FhirDeps;
  readonly context: EnforceContext;
  /** Id of the resource that the operation is called on; undefined if it is called on the type. */
  readonly id: string | undefined;
  readonly pairs: readonly Pair[];
  /** `Prefer: handling=strict` */
  readonly strict: boolean;
}

const HANDLERS: Readonly<Record<OperationName, (call: Call) => Promise<Answer>>> = {
  expand: answerExpand,
  docref: ({ deps, context, pairs, strict }) => answerDocref(deps, context, pairs, strict),
  everything: ({ deps, context, ...asked }) => answerEverything(deps, context, asked),
  summary: answerSummary,
};

type OperationRouteParams = { Params: { id?: string } };

/**
 * Registers the operations of the version. Each can be called with GET, or with POST and a form or Parameters resource:
 * FHIR R4 §3.2.0.1.
 */
export function operationRoutes(scope: FastifyInstance, deps: FhirDeps): void {
  void scope.register(async (own) => {
    readBodiesAsText(own, LONGEST_SEARCH);
    for (const operation of deps.version.operations)
      for (const level of operation.levels) operationRoute(own, deps, operation, level);
  });
}

function operationRoute(
  scope: FastifyInstance,
  deps: FhirDeps,
  operation: Operation,
  level: Operation['levels'][number],
): void {
  const handle = HANDLERS[operation.name];
  const url = operationPath(operation, level).replace('{id}', ':id');
  scope.route<OperationRouteParams>({
    method: ['GET', 'POST'],
    url,
    handler: async (request, reply) => {
      const callOptions = { id: request.params.id, strict: isStrict(request) };
      const handler = (context: EnforceContext, own: FhirDeps) =>
        handle({ deps: own, context, ...callOptions, pairs: modestPairs(pairsSent(request)) });
      return disclose(deps, request, reply, { kind: 'search', type: operation.type }, handler);
    },
  });
}
