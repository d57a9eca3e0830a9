import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId, ClientId, RecordId } from '../../../src/kernel/index.ts';
import { later, minutes, systemRandom as random, randomSecret, sha256 } from '../../../src/kernel/index.ts';
import {
  consumeLaunch,
  createLaunch,
  deleteExpiredLaunches,
  findLaunch,
} from '../../../src/oauth/launch/launch-store.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const WHAT = {
  clientId: 'app' as ClientId,
  accountId: random.uuid() as AccountId,
  recordId: 7 as RecordId,
  context: { needPatientBanner: false, intent: 'review', fhirContext: [{ reference: 'Condition/1' }] },
};
const now = () => server.clock.now();
async function launched(): Promise<Buffer> {
  const hash = sha256(randomSecret(random));
  await createLaunch(server.db, { ...WHAT, hash, expiresAt: later(now(), minutes(10)) });
  return hash;
}

describe('SMART App Launch 2.2 §2.0.9: a launch', () => {
  it('is found as it was created, and no other is', async () => {
    expect(await findLaunch(server.db, await launched(), now())).toEqual(WHAT);
    expect(await findLaunch(server.db, sha256('another'), now())).toBeUndefined();
  });

  it('is valid once; pressing the button again within ten seconds counts as the same use', async () => {
    const hash = await launched();
    const [first, soon, late] = [now(), later(now(), 9000), later(now(), 11_000)];
    expect(await consumeLaunch(server.db, hash, first)).toBe(true);
    expect(await findLaunch(server.db, hash, soon)).toEqual(WHAT);
    expect(await consumeLaunch(server.db, hash, soon)).toBe(true);
    expect(await findLaunch(server.db, hash, late)).toBe('used');
    expect(await consumeLaunch(server.db, hash, late)).toBe(false);
  });

  it('ends after its time, to the millisecond', async () => {
    const hash = await launched();
    const [row] = await server.db.queryText<{ expires_at: Date }>('select expires_at from launch where hash = $1', [
      hash,
    ]);
    const end = row?.expires_at ?? now();
    expect(await findLaunch(server.db, hash, later(end, -1))).toEqual(WHAT);
    expect(await findLaunch(server.db, hash, end)).toBe('expired');
    expect(await consumeLaunch(server.db, hash, end)).toBe(false);
    expect(await consumeLaunch(server.db, hash, later(end, -1))).toBe(true);
  });

  it('is purged once its error no longer needs an explanation', async () => {
    const hash = await launched();
    await deleteExpiredLaunches(server.db, later(now(), minutes(9)));
    expect(await findLaunch(server.db, hash, now())).toEqual(WHAT);
    await deleteExpiredLaunches(server.db, later(now(), minutes(11)));
    expect(await findLaunch(server.db, hash, now())).toBeUndefined();
  });
});
