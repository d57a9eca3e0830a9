import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Grant, RefusedToken } from '../../access/index.ts';
import { type ClientId, problemOf } from '../../kernel/index.ts';
import { typeNamed } from '../core/forms.ts';
import { tableName } from '../core/parameter-name.ts';
import { FORMATS, type Pair } from '../core/search-request.ts';
import type { FhirVersion, ServedType } from '../core/version.ts';
import type { AppRequest } from '../ports.ts';
import { causeOf } from './cause.ts';
import type { Answer, Asked, FhirDeps } from './deps.ts';
import { pairsOf } from './query.ts';

/** Logs the outcome of a request for the app's developer. It needs a token that identifies the app. */
export interface Observer {
  answered(grant: Grant, answer: Answer): void;
  refused(grant: Grant, error: unknown): void;
  /** Authentication failed. A token that was valid before still identifies its app; any other is not logged. */
  unproved(error: unknown): void;
}

const NO_OBSERVER: Observer = { answered() {}, refused() {}, unproved() {} };

export function observer(deps: FhirDeps, request: FastifyRequest, reply: FastifyReply, interaction: Asked): Observer {
  const { activity, version } = deps;
  if (activity === undefined) return NO_OBSERVER;
  const served = typeNamed(version.types, interaction.type);
  const log = (clientId: ClientId, rest: OutcomeFields): void =>
    activity.answered({
      clientId,
      api: version.api,
      interaction: interaction.kind,
      type: served?.name,
      ...parameterNames(pairsOf(request), served, version),
      milliseconds: reply.elapsedTime,
      requestId: request.id,
      ...rest,
    });
  const rejectionDetails = (error: unknown) => {
    const problem = problemOf(error);
    const { parameters } = parameterNames(pairsOf(request), served, version);
    const cause = causeOf({ interaction: interaction.kind, type: served?.name, parameters }, problem);
    return { status: problem.status, resources: 0, records: [], refusal: { error: problem.code, cause } };
  };
  return {
    answered: (grant, { resources, records }) =>
      log(grant.clientId, {
        ...grantFields(grant),
        records: [...records.keys()],
        resources,
        status: 200,
        refusal: undefined,
      }),
    refused: (grant, error) =>
      log(grant.clientId, {
        ...grantFields(grant),
        ...rejectionDetails(error),
      }),
    unproved(error) {
      if (!(error instanceof RefusedToken)) return;
      log(error.clientId, { ...rejectionDetails(error), about: undefined, familyId: undefined, byPerson: false });
    },
  };
}

type OutcomeFields = Pick<
  AppRequest,
  'about' | 'records' | 'resources' | 'status' | 'refusal' | 'familyId' | 'byPerson'
>;

const grantFields = ({ familyId, accountId, record }: Grant) => ({
  about: record?.recordId,
  familyId,
  byPerson: accountId !== undefined,
});

const MAX_PARAMETERS = 100;

/**
 * Returns the parameter names that the server defines and the number of other names, which might contain a searched
 * value.
 */
function parameterNames(pairs: readonly Pair[], served: ServedType | undefined, version: FhirVersion) {
  const names = new Set<string>();
  let others = Math.max(0, pairs.length - MAX_PARAMETERS);
  for (const [name] of pairs.slice(0, MAX_PARAMETERS)) {
    if (FORMATS.includes(name)) continue;
    const known = served === undefined ? undefined : definedName(name, served, version);
    if (known === undefined) others += 1;
    else names.add(known);
  }
  return { parameters: [...names], others };
}

/** Returns the name as the server defines it. A name with two colons is never valid. */
function definedName(name: string, served: ServedType, version: FhirVersion): string | undefined {
  return name.split(':').length > 2 ? undefined : tableName(name, { served, version });
}
