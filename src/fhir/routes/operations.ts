import type { FastifyInstance } from 'fastify';
import { Problem } from '../../kernel/index.ts';
import type { EnforceContext } from '../core/context.ts';
import { type Operation, type OperationName, operationPath } from '../core/operation.ts';
import type { Pair } from '../core/search-request.ts';
import type { Answer, FhirDeps } from './deps.ts';
import { disclose } from './disclose.ts';
import { answerDocref } from './docref.ts';
import { isForm } from './form.ts';
import { isStrict, pairsOf } from './query.ts';

/** One call of an operation. */
export interface Call {
  readonly deps: FhirDeps;
  readonly context: EnforceContext;
  /** Of the resource whose operation it is; undefined: the type's. */
  readonly id: string | undefined;
  readonly pairs: readonly Pair[];
  /** `Prefer: handling=strict` */
  readonly strict: boolean;
}

const HANDLERS: Readonly<Record<OperationName, (call: Call) => Promise<Answer>>> = {
  docref: ({ deps, context, pairs, strict }) => answerDocref(deps, context, pairs, strict),
};

type IdParams = { Params: { id?: string } };

/** Each by GET and, with parameters as a form, by POST. */
export function operationRoutes(scope: FastifyInstance, deps: FhirDeps): void {
  for (const operation of deps.version.operations)
    for (const level of operation.levels) operationRoute(scope, deps, operation, level);
}

function operationRoute(
  scope: FastifyInstance,
  deps: FhirDeps,
  operation: Operation,
  level: Operation['levels'][number],
): void {
  const answer = HANDLERS[operation.name];
  scope.route<IdParams>({
    method: ['GET', 'POST'],
    url: operationPath(operation, level).replace('{id}', ':id'),
    handler: async (request, reply) => {
      if (!isForm(request)) throw formExpected();
      const asked = { id: request.params.id, pairs: pairsOf(request), strict: isStrict(request) };
      const work = (context: EnforceContext) => answer({ deps, context, ...asked });
      return disclose(deps, request, reply, { kind: 'search', type: operation.type }, work);
    },
  });
}

const formExpected = () =>
  new Problem('bad-request', {
    status: 415,
    message: 'Send the parameters of the operation as application/x-www-form-urlencoded, or in the address.',
  });
