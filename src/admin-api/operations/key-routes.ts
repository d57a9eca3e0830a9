import type { Encryption } from '../../encryption/index.ts';
import { requireChangeableAccount } from '../../identity/index.ts';
import { listSigningKeys, type OAuthAddresses, rotateSigningKeys } from '../../oauth/index.ts';
import {
  ERROR_RESPONSES,
  KeyRotationRequest,
  KeyRotationResponse,
  type PortalApi,
  type PortalContext,
  SigningKeysResponse,
} from '../../portal-api/index.ts';

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
  }: PortalContext & { readonly addresses: OAuthAddresses; readonly encryption: Encryption },
): void {
  const tags = ['operations'];

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
    'Create new signing keys. They sign in 10 minutes or, after a leak, immediately, and all old keys are removed';
  const rotating = {
    tags,
    summary,
    body: KeyRotationRequest,
    response: { 200: KeyRotationResponse, ...ERROR_RESPONSES },
  };
  api.post('/review/keys/rotations', { schema: rotating }, async (request) => {
    const session = await guard.reviewer(request);
    requireChangeableAccount(session);
    guard.requireProof(session);
    const { leaked } = request.body;
    const { made, discarded } = await db.transaction(async (tx) => {
      const rotation = await rotateSigningKeys(tx, { clock, encryption }, { leaked });
      const detail = { action: 'rotate', made: rotation.made.map(({ kid }) => kid), leaked };
      const { accountId } = session;
      await audit.appendInTransaction(tx, {
        kind: 'key',
        outcome: 'success',
        requestId: request.id,
        accountId,
        detail,
      });
      return rotation;
    });
    return {
      made: made.map(({ activeFrom, ...key }) => ({ ...key, activeFrom: activeFrom.toISOString() })),
      discarded: [...discarded],
    };
  });
}
