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

/** Tells the app's developer what came of a request whose token is known. */
export interface Observer {
  answered(grant: Grant, answer: Answer): void;
  refused(grant: Grant, error: unknown): void;
  /** A token that was good once says whose it is; of any other nobody is told. */
  unproved(error: unknown): void;
}

const UNHEARD: Observer = { answered() {}, refused() {}, unproved() {} };

export function observer(deps: FhirDeps, request: FastifyRequest, reply: FastifyReply, asked: Asked): Observer {
  const { activity, version } = deps;
  if (activity === undefined) return UNHEARD;
  const served = typeNamed(version.types, asked.type);
  const tell = (clientId: ClientId, rest: Rest): void =>
    activity.answered({
      clientId,
      api: version.api,
      interaction: asked.kind,
      type: served?.name,
      ...namesIn(pairsOf(request), served, version),
      milliseconds: reply.elapsedTime,
      requestId: request.id,
      ...rest,
    });
  const refusal = (error: unknown) => {
    const problem = problemOf(error);
    const { parameters } = namesIn(pairsOf(request), served, version);
    const cause = causeOf({ interaction: asked.kind, type: served?.name, parameters }, problem);
    return { status: problem.status, resources: 0, records: [], refusal: { error: problem.code, cause } };
  };
  return {
    answered: (grant, { resources, records }) =>
      tell(grant.clientId, {
        ...ofGrant(grant),
        records: [...records.keys()],
        resources,
        status: 200,
        refusal: undefined,
      }),
    refused: (grant, error) =>
      tell(grant.clientId, {
        ...ofGrant(grant),
        ...refusal(error),
      }),
    unproved(error) {
      if (!(error instanceof RefusedToken)) return;
      tell(error.clientId, { ...refusal(error), about: undefined, familyId: undefined, byPerson: false });
    },
  };
}

type Rest = Pick<AppRequest, 'about' | 'records' | 'resources' | 'status' | 'refusal' | 'familyId' | 'byPerson'>;

const ofGrant = ({ familyId, accountId, record }: Grant) => ({
  about: record?.recordId,
  familyId,
  byPerson: accountId !== undefined,
});

const MOST_READ = 100;

/** The names of our own tables, and how many others there were: those may hold what was searched for. */
function namesIn(pairs: readonly Pair[], served: ServedType | undefined, version: FhirVersion) {
  const names = new Set<string>();
  let others = Math.max(0, pairs.length - MOST_READ);
  for (const [name] of pairs.slice(0, MOST_READ)) {
    if (FORMATS.includes(name)) continue;
    const known = served === undefined ? undefined : nameOf(name, served, version);
    if (known === undefined) others += 1;
    else names.add(known);
  }
  return { parameters: [...names], others };
}

/** A name with two colons is none. */
function nameOf(name: string, served: ServedType, version: FhirVersion): string | undefined {
  return name.split(':').length > 2 ? undefined : tableName(name, { served, version });
}
