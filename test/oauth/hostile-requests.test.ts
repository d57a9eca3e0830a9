import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { impossible, leaks, thin, usedTwice } from '../support/hostile/aftermath.ts';
import { attack, type Report } from '../support/hostile/attack.ts';
import { makeWorld, type World } from '../support/hostile/world.ts';

let world: World;
let report: Report;
beforeAll(async () => {
  world = await makeWorld();
  report = await attack(world, { seed: 20_260_401, count: 1400 });
}, 300_000);
afterAll(() => world.server.close());

describe('1,400 random and hostile requests', () => {
  it('RFC 6749, RFC 9700: no fault of ours, nobody led astray, every answer as its endpoint gives it', () => {
    expect(report.faults).toEqual([]);
  });
  it('no secret that was sent or given is in the log, the refusals or the trail', async () => {
    expect(world.server.log.length).toBeGreaterThan(1300);
    expect(world.ledger.secrets.size).toBeGreaterThan(700);
    expect(await leaks(world)).toEqual([]);
  });
  it('RFC 6749 §4.1.2, RFC 9700 §4.14.2: what is good once was good once', async () => {
    expect(usedTwice(world)).toEqual([]);
    expect(await impossible(world)).toEqual([]);
  });
  it('every kind of request both succeeded and was refused', () => {
    expect(thin(report, 1)).toEqual([]);
  });
});
