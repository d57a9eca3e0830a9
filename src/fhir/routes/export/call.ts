import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AccessGrant, requireApiAdded, resourceScopes } from '../../../access/index.ts';
import { CACHE_TTL_MS, Problem } from '../../../kernel/index.ts';
import type { EnforcementContext } from '../../authorization/enforcement-context.ts';
import type { Disclosure } from '../../ports.ts';
import type { FhirDeps } from '../deps.ts';
import { authenticate } from '../request/bearer.ts';
import { readPairs } from '../request/query.ts';
import { createRequestObserver } from '../response/request-observer.ts';

export type ExportDeps = FhirDeps & Required<Pick<FhirDeps, 'exports'>>;

/** One request of a backend app to the Bulk Data export API. */
export interface ExportCall {
  readonly deps: ExportDeps;
  readonly context: EnforcementContext;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Throws if the access of the token ended or shrank. A check within the last second is reused. */
  requireUnchangedAccess(): Promise<void>;
}

/**
 * Result of a call to the export API. undefined means that nothing was started or disclosed, so neither the activity
 * log nor the audit log gets an entry.
 */
type ExportOutcome = { readonly resources: number } | undefined;

/**
 * Authenticates a backend app, runs the handler of an export route, and records rejections in the audit log and the
 * activity log. The handler itself records successes in the audit log.
 */
export async function handleExportRequest(
  deps: ExportDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  action: string,
  handler: (call: ExportCall) => Promise<ExportOutcome>,
): Promise<FastifyReply> {
  const requestObserver = createRequestObserver(deps, request, reply, { kind: 'export', type: '' });
  const { grant, token } = await authenticate(request, readPairs(request), deps.tokens).catch((error) => {
    requestObserver.unauthenticated(error);
    throw error;
  });
  const now = deps.clock.now();
  const context: EnforcementContext = { grant, version: deps.version, base: deps.endpoints.base, now };
  const requireStill = async (): Promise<void> => {
    if (deps.clock.now().getTime() - now.getTime() >= CACHE_TTL_MS) await deps.tokens.requireStillValid(token, grant);
  };
  const throttled = deps.appLimit?.count(grant, reply);
  const isAudited = throttled?.isAudited ?? true;
  try {
    if (throttled !== undefined) throw throttled.problem;
    requireBackend(context);
    const outcome = await handler({ deps, context, request, reply, requireUnchangedAccess: requireStill });
    if (outcome !== undefined)
      requestObserver.succeeded(grant, { ...outcome, body: '', records: new Map(), detail: {} });
  } catch (error) {
    const problem = error instanceof Problem ? error.code : 'internal';
    if (isAudited) await deps.audit.append(createExportEvent(grant, request.id, 'failure', { action, problem }));
    requestObserver.rejected(grant, error);
    await throttled?.holdBack();
    throw error;
  }
  return reply;
}

/** Creates an audit event about an action of an app. The event names no patient. */
export const createExportEvent = (
  { clientId, grantId, familyId, accountId }: AccessGrant,
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

/**
 * Whether the grant is a backend app's own (SMART Backend Services). Patients and staff can't start an export, whatever
 * scopes they granted.
 */
export const isBackend = ({ accountId, record, scopes }: AccessGrant): boolean =>
  accountId === undefined &&
  record === undefined &&
  resourceScopes(scopes).every(({ context }) => context === 'system');

function requireBackend({ grant, version }: EnforcementContext): void {
  requireApiAdded(grant, version.api);
  if (isBackend(grant)) return;
  throw new Problem('scope-denied', {
    status: 403,
    message:
      'Only backend apps (client_credentials and system/ scopes) can start and read exports. Tokens of patients and staff can’t.',
  });
}
