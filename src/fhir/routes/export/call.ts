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

/** A request of a backend app to the export API. */
export interface ExportCall {
  readonly deps: ExportDeps;
  readonly context: EnforceContext;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Throws if the token's access ended or shrank, unless it was checked within the last second. */
  requireStill(): Promise<void>;
}

/**
 * The outcome of a call; undefined if nothing was started or disclosed, so neither the activity log nor the audit log
 * gets an entry.
 */
type ExportOutcome = { readonly resources: number } | undefined;

/** Authenticates a backend app and records rejections. The handler records successes itself. */
export async function callExport(
  deps: ExportDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  action: string,
  handler: (call: ExportCall) => Promise<ExportOutcome>,
): Promise<FastifyReply> {
  const requestObserver = observer(deps, request, reply, { kind: 'export', type: '' });
  const { grant, token } = await authenticate(request, pairsOf(request), deps.tokens).catch((error) => {
    requestObserver.unproved(error);
    throw error;
  });
  const now = deps.clock.now();
  const context: EnforceContext = { grant, version: deps.version, base: deps.endpoints.base, now };
  const requireStill = async (): Promise<void> => {
    if (deps.clock.now().getTime() - now.getTime() >= FRESH) await deps.tokens.requireStill(token, grant);
  };
  try {
    requireBackend(context);
    const outcome = await handler({ deps, context, request, reply, requireStill });
    if (outcome !== undefined)
      requestObserver.answered(grant, { ...outcome, body: '', records: new Map(), detail: {} });
  } catch (error) {
    const problem = error instanceof Problem ? error.code : 'internal';
    await deps.audit.record(exportEvent(grant, request.id, 'failure', { action, problem }));
    requestObserver.refused(grant, error);
    throw error;
  }
  return reply;
}

/** Creates an audit event about an action of an app, which is about no patient. */
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

/**
 * SMART Backend Services: whether the app acts for itself. Patients and staff can't start an export, whatever their
 * scopes.
 */
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
