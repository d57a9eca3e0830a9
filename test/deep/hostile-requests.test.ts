import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  coverageGaps,
  findForbiddenRows,
  findLeakedSecrets,
  findReusedCodes,
} from '../support/fuzzing/oauth/aftermath.ts';
import { type AttackReport, runAttack } from '../support/fuzzing/oauth/attack.ts';
import { type OAuthWorld, startOAuthWorld } from '../support/fuzzing/oauth/oauth-server.ts';

let world: OAuthWorld;
let report: AttackReport;
beforeAll(async () => {
  world = await startOAuthWorld();
  report = await runAttack(world, { seed: 20_260_401, count: 100_000 });
  console.log(JSON.stringify(report.tally));
}, 7_200_000);
afterAll(() => world.server.close());

describe('100,000 random and hostile requests', () => {
  it('RFC 6749, RFC 9700: cause no server error and no open redirect, and each endpoint answers in its own format', () => {
    expect(report.problems).toEqual([]);
  });
  it('leave no secret in the log, the rejections or the audit log', { timeout: 600_000 }, async () => {
    expect(world.server.log.length).toBeGreaterThan(95_000);
    expect(world.ledger.secrets.size).toBeGreaterThan(50_000);
    expect(await findLeakedSecrets(world)).toEqual([]);
  });
  it('RFC 6749 §4.1.2, RFC 9700 §4.14.2: never use a one-time value twice', async () => {
    expect(findReusedCodes(world)).toEqual([]);
    expect(await findForbiddenRows(world)).toEqual([]);
  });
  it('include successes and rejections of every kind of request', () => {
    expect(coverageGaps(report, 100)).toEqual([]);
  });
});
