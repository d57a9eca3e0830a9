import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Grant, requireApi, resourceScopes } from '../../../access/index.ts';
import { FRESH, Problem } from '../../../kernel/index.ts';
import type { EnforceContext } from '../../core/context.ts';
import type { Disclosure } from '../../ports.ts';
import { authenticate } from '../bearer.ts';
import type { FhirDeps } from '../deps.ts';
import { observer } from '../observe.ts';
import { pairsOf } from '../query.ts';

export type ExportDeps = FhirDeps & Required<Pick<FhirDeps, 'exports'>>;

/** A call by a backend app. */
export interface ExportCall {
  readonly deps: ExportDeps;
  readonly context: EnforceContext;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Throws when what is behind the token has ended, or become less, if that was asked longer ago than what is remembered. */
  requireStill(): Promise<void>;
}

/** What came of a call; undefined: neither the app's developer nor the trail is told, for nothing was begun or left. */
type Done = { readonly resources: number } | undefined;

/** Authenticates a backend app, and has refusals recorded; what comes of it the work records itself. */
export async function callExport(
  deps: ExportDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  action: string,
  work: (call: ExportCall) => Promise<Done>,
): Promise<FastifyReply> {
  const observed = observer(deps, request, reply, { kind: 'export', type: '' });
  const { grant, token } = await authenticate(request, pairsOf(request), deps.tokens).catch((error) => {
    observed.unproved(error);
    throw error;
  });
  const now = deps.clock.now();
  const context: EnforceContext = { grant, version: deps.version, base: deps.endpoints.base, now };
  const requireStill = async (): Promise<void> => {
    if (deps.clock.now().getTime() - now.getTime() >= FRESH) await deps.tokens.requireStill(token, grant);
  };
  try {
    requireBackend(context);
    const done = await work({ deps, context, request, reply, requireStill });
    if (done !== undefined) observed.answered(grant, { ...done, body: '', records: new Map(), detail: {} });
  } catch (error) {
    const problem = error instanceof Problem ? error.code : 'internal';
    await deps.audit.record(exportEvent(grant, request.id, 'failure', { action, problem }));
    observed.refused(grant, error);
    throw error;
  }
  return reply;
}

/** An event that is about no patient: what an app did. */
export const exportEvent = (
  { clientId, grantId, familyId, accountId }: Grant,
  requestId: string,
  outcome: Disclosure['outcome'],
  detail: Disclosure['detail'],
): Disclosure => ({
  kind: 'export',
  outcome,
  requestId,
  recordId: undefined,
  accountId,
  clientId,
  grantId,
  familyId,
  type: undefined,
  resources: 0,
  detail,
});

/** SMART Backend Services: an app that acts for nobody. Patients and staff never begin an export, whatever their scopes. */
export const isBackend = ({ accountId, record, scopes }: Grant): boolean =>
  accountId === undefined &&
  record === undefined &&
  resourceScopes(scopes).every(({ context }) => context === 'system');

function requireBackend({ grant, version }: EnforceContext): void {
  requireApi(grant, version.api);
  if (isBackend(grant)) return;
  throw new Problem('scope-denied', {
    status: 403,
    message:
      'Exports are for backend apps, by client_credentials and system/ scopes. A token of a patient or a member of staff starts none and reads none.',
  });
}
