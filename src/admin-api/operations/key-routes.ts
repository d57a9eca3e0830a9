import type { ActionAuthor, Approvals, ApprovedAction } from '../../approvals/index.ts';
import type { AuditLog } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import type { Encryption } from '../../encryption/index.ts';
import { requireChangeableAccount } from '../../identity/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { listSigningKeys, type OAuthAddresses, rotateSigningKeys } from '../../oauth/index.ts';
import {
  ERROR_RESPONSES,
  KeyRotationRequest,
  KeyRotationResponse,
  type PortalApi,
  type PortalContext,
  SigningKeysResponse,
} from '../../portal-api/index.ts';
import { toPendingApproval } from '../approvals/pending-approval.ts';

interface RotationDeps {
  readonly clock: Clock;
  readonly encryption: Encryption;
  readonly audit: AuditLog;
}
type Rotation = Awaited<ReturnType<typeof rotateSigningKeys>>;

/** Creates the action that rotates the signing keys while the earlier ones stay published. */
export const rotateKeysAction = (deps: RotationDeps): ApprovedAction<Record<string, never>, Rotation> => ({
  name: 'rotate-keys',
  run: (tx, _parameters, actor) => rotateKeys(tx, deps, actor, false),
});

async function rotateKeys(
  tx: Executor,
  { clock, encryption, audit }: RotationDeps,
  actor: ActionAuthor,
  leaked: boolean,
): Promise<Rotation> {
  const rotation = await rotateSigningKeys(tx, { clock, encryption }, { leaked });
  const detail = { action: 'rotate', made: rotation.made.map(({ kid }) => kid), leaked };
  await audit.appendInTransaction(tx, { kind: 'key', outcome: 'success', ...actor, detail });
  return rotation;
}

/** Adds the routes for the keys that sign id_tokens. Private keys are never sent. */
export function keyRoutes(
  api: PortalApi,
  {
    db,
    clock,
    guard,
    audit,
    addresses,
    encryption,
    approvals,
  }: PortalContext & RotationDeps & { readonly addresses: OAuthAddresses; readonly approvals: Approvals },
): void {
  const tags = ['operations'];
  const rotating = { clock, encryption, audit };

  const reading = {
    tags,
    summary: 'List the signing keys',
    response: { 200: SigningKeysResponse, ...ERROR_RESPONSES },
  };
  api.get('/review/keys', { schema: reading }, async (request) => {
    await guard.reviewer(request);
    const keys = await listSigningKeys(db, clock);
    return {
      keys: keys.map(({ kid, alg, activeFrom, status }) => ({
        kid,
        alg,
        activeFrom: activeFrom.toISOString(),
        standing: status,
      })),
      jwksUri: addresses.jwks,
    };
  });

  const summary =
    'Create new signing keys. They sign in 10 minutes, once another administrator approved it. After a leak, they sign at once, and all old keys are removed';
  const rotation = {
    tags,
    summary,
    body: KeyRotationRequest,
    response: { 200: KeyRotationResponse, ...ERROR_RESPONSES },
  };
  api.post('/review/keys/rotations', { schema: rotation }, async (request) => {
    const session = await guard.reviewer(request);
    requireChangeableAccount(session);
    guard.requireProof(session);
    const { leaked, reason } = request.body;
    const actor = { accountId: session.accountId, requestId: request.id };
    if (!leaked) {
      const order = { subject: '', parameters: {}, reason, by: session.accountId, requestId: request.id };
      const submitted = await db.transaction((tx) => approvals.submit(tx, rotateKeysAction(rotating), order));
      return submitted.outcome === 'done'
        ? toResponse(submitted.result)
        : { made: [], discarded: [], approval: toPendingApproval(submitted.request) };
    }
    // Tokens that someone signed with a leaked key are valid until the key is gone, so this doesn't wait.
    const done = await db.transaction(async (tx) => {
      const rotated = await rotateKeys(tx, rotating, actor, true);
      const event = { kind: 'at-once', who: session.displayName } as const;
      await approvals.announce(tx, { action: 'replace-leaked-keys', subject: '', reason, event });
      return rotated;
    });
    return toResponse(done);
  });
}

const toResponse = ({ made, discarded }: Rotation): KeyRotationResponse => ({
  made: made.map(({ activeFrom, ...key }) => ({ ...key, activeFrom: activeFrom.toISOString() })),
  discarded: [...discarded],
  approval: null,
});
