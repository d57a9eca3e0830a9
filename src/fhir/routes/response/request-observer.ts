import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AccessGrant, RejectedTokenProblem } from '../../../access/index.ts';
import type { LoggedRequest } from '../../../domain/index.ts';
import { type ClientId, toProblem } from '../../../kernel/index.ts';
import type { FhirVersion, ServedType } from '../../model/fhir-version.ts';
import { findTypeByName } from '../../model/type-variants.ts';
import { auditParameterName } from '../../search/parameter-name.ts';
import { FORMAT_PARAMETERS, type QueryParameter } from '../../search/search-request.ts';
import type { FhirDeps, FhirInteraction, FhirResponse } from '../deps.ts';
import { readPairs } from '../request/query.ts';
import { describeCause } from './rejection-cause.ts';

/** Logs the outcome of a request for the app's developer. Requests whose token identifies no app aren't logged. */
export interface RequestObserver {
  succeeded(grant: AccessGrant, answer: FhirResponse): void;
  rejected(grant: AccessGrant, error: unknown): void;
  /**
   * Logs that authentication failed. A token that was valid before still identifies its app. With any other token,
   * nothing is logged.
   */
  unauthenticated(error: unknown): void;
}

const NO_OBSERVER: RequestObserver = { succeeded() {}, rejected() {}, unauthenticated() {} };

export function createRequestObserver(
  deps: FhirDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  interaction: FhirInteraction,
): RequestObserver {
  const { activity, version } = deps;
  if (activity === undefined) return NO_OBSERVER;
  const served = findTypeByName(version.types, interaction.type);
  const log = (clientId: ClientId, rest: OutcomeFields): void =>
    activity.logResponse({
      clientId,
      api: version.api,
      interaction: interaction.kind,
      type: served?.name,
      ...parameterNames(readPairs(request), served, version),
      milliseconds: reply.elapsedTime,
      requestId: request.id,
      ...rest,
    });
  const rejectionDetails = (error: unknown) => {
    const problem = toProblem(error);
    const { parameters } = parameterNames(readPairs(request), served, version);
    const cause = describeCause({ interaction: interaction.kind, type: served?.name, parameters }, problem);
    return { status: problem.status, resources: 0, disclosedRecordIds: [], rejection: { error: problem.code, cause } };
  };
  return {
    succeeded: (grant, { resources, records }) =>
      log(grant.clientId, {
        ...grantFields(grant),
        disclosedRecordIds: [...records.keys()],
        resources,
        status: 200,
        rejection: undefined,
      }),
    rejected: (grant, error) =>
      log(grant.clientId, {
        ...grantFields(grant),
        ...rejectionDetails(error),
      }),
    unauthenticated(error) {
      if (!(error instanceof RejectedTokenProblem)) return;
      log(error.clientId, {
        ...rejectionDetails(error),
        contextRecordId: undefined,
        familyId: undefined,
        authorizedByPerson: false,
      });
    },
  };
}

type OutcomeFields = Pick<
  LoggedRequest,
  'contextRecordId' | 'disclosedRecordIds' | 'resources' | 'status' | 'rejection' | 'familyId' | 'authorizedByPerson'
>;

const grantFields = ({ familyId, accountId, record }: AccessGrant) => ({
  contextRecordId: record?.recordId,
  familyId,
  authorizedByPerson: accountId !== undefined,
});

const MAX_PARAMETERS = 100;

/**
 * Returns the parameter names that the server defines, and only the number of the other names, because these might
 * contain a searched value.
 */
function parameterNames(pairs: readonly QueryParameter[], served: ServedType | undefined, version: FhirVersion) {
  const names = new Set<string>();
  let unknownParameters = Math.max(0, pairs.length - MAX_PARAMETERS);
  for (const [name] of pairs.slice(0, MAX_PARAMETERS)) {
    if (FORMAT_PARAMETERS.includes(name)) continue;
    const known = served === undefined ? undefined : definedName(name, served, version);
    if (known === undefined) unknownParameters += 1;
    else names.add(known);
  }
  return { parameters: [...names], unknownParameters };
}

/**
 * Returns a parameter name as the server defines it; undefined if it isn't defined. A name with two colons is never
 * valid.
 */
function definedName(name: string, served: ServedType, version: FhirVersion): string | undefined {
  return name.split(':').length > 2 ? undefined : auditParameterName(name, { served, version });
}
