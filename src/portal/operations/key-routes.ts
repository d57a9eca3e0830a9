import { listKeys, rotateKeys } from '../../oauth/index.ts';
import { requireChangeable } from '../../people/index.ts';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import { KeysAnswer, RotationAnswer, RotationAsked } from '../contract/operations.ts';
import type { PortalDeps } from '../deps.ts';

/** Adds the routes for the keys that sign id_tokens. Private keys are never sent. */
export function keyRoutes(api: Api, { db, clock, guard, audit, addresses }: PortalDeps): void {
  const tags = ['operations'];

  const reading = { tags, summary: 'Signing keys', response: { 200: KeysAnswer, ...REFUSALS } };
  api.get('/review/keys', { schema: reading }, async (request) => {
    await guard.reviewer(request);
    const keys = await listKeys(db, clock);
    return {
      keys: keys.map(({ activeFrom, ...key }) => ({ ...key, activeFrom: activeFrom.toISOString() })),
      jwksUri: addresses.jwks,
    };
  });

  const summary = 'New signing keys: used in ten minutes, or at once after a leak, when all others are gone';
  const rotating = { tags, summary, body: RotationAsked, response: { 200: RotationAnswer, ...REFUSALS } };
  api.post('/review/keys/rotations', { schema: rotating }, async (request) => {
    const session = await guard.reviewer(request);
    requireChangeable(session);
    guard.requireProof(session);
    const { leaked } = request.body;
    const { made, discarded } = await db.transaction(async (tx) => {
      const rotation = await rotateKeys(tx, clock, { leaked });
      const detail = { action: 'rotate', made: rotation.made.map(({ kid }) => kid), leaked };
      const { accountId } = session;
      await audit.recordWithin(tx, { kind: 'key', outcome: 'success', requestId: request.id, accountId, detail });
      return rotation;
    });
    return {
      made: made.map(({ activeFrom, ...key }) => ({ ...key, activeFrom: activeFrom.toISOString() })),
      discarded: [...discarded],
    };
  });
}
