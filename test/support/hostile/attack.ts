import { keep } from './choose.ts';
import { type Dice, throwDice } from './dice.ts';
import { KINDS, type Kind, type Wire } from './draft.ts';
import { judge } from './judge.ts';
import { learn } from './learn.ts';
import { make } from './make.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { type Answer, read } from './reading.ts';
import { secretsSent } from './secrets.ts';
import { spoiled } from './spoil.ts';
import type { World } from './world.ts';

export interface Report {
  /** How often each kind of request succeeded and was rejected. */
  readonly tally: Readonly<Record<Kind, Record<Outcome, number>>>;
  /** Problems of responses, each with the first request that caused it: seed, number, request and response. */
  readonly faults: readonly string[];
}

/** A run with this many problems stops. */
const MOST_FAULTS = 20;
/** Milliseconds: slightly more than the retry period of a refresh, and a fifth of the lifetime of a code. */
const PAUSE = 12_000;

/**
 * Sends random and hostile requests one after the other, and judges each response. The same seed makes the same
 * requests, except for values that the server generated. To reproduce one, run as many with its seed.
 */
export async function attack(world: World, { seed, count }: { seed: number; count: number }): Promise<Report> {
  const tally = Object.fromEntries(
    KINDS.map((kind) => [kind, { success: 0, refusal: 0, neither: 0 }]),
  ) as Report['tally'];
  const faults = new Map<string, string>();
  const past: Wire[] = [];
  for (let number = 1; number <= count && faults.size < MOST_FAULTS; number++) {
    // Each request has its own random numbers, so that one different response doesn't change all that follow.
    const dice = throwDice(seed ^ Math.imul(number, 0x9e3779b1));
    if (dice.chance(0.01)) world.server.clock.advance(PAUSE);
    const wire = await aim(world, dice, past).catch((cause) => {
      throw new Error(`seed ${seed}, request ${number} could not be made`, { cause });
    });
    const [answer, wrong] = await fire(world, wire);
    if (answer !== undefined) tally[wire.kind][outcomeOf(wire.kind, answer)] += 1;
    for (const fault of wrong) {
      if (!faults.has(fault))
        faults.set(fault, `${fault}: seed ${seed}, request ${number}\n${described(wire, answer)}`);
    }
    keep(past, wire);
  }
  return { tally, faults: [...faults.values()] };
}

/** Occasionally repeats an earlier request. */
async function aim(world: World, dice: Dice, past: readonly Wire[]): Promise<Wire> {
  if (past.length > 0 && dice.chance(0.03)) return dice.pick(past);
  return spoiled(await make(world, dice), dice, world);
}

async function fire(world: World, wire: Wire): Promise<[Answer | undefined, readonly string[]]> {
  const reading = read(wire);
  for (const secret of secretsSent(reading)) world.ledger.secrets.add(secret);
  const { kind: _, ...request } = wire;
  try {
    const answer = await inTime(world.server.app.inject(request));
    const wrong = judge(reading, answer, world);
    learn(world, wire, reading, answer);
    return [answer, wrong];
  } catch (error) {
    return [undefined, [`no answer: ${error instanceof Error ? error.stack : error}`]];
  }
}

const LONGEST = 20_000;

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`none within ${LONGEST} ms`)), LONGEST);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function described(
  { kind, method, url, headers, payload = '', remoteAddress }: Wire,
  answer: Answer | undefined,
): string {
  const request = JSON.stringify({ kind, method, url, headers, payload: payload.toString(), remoteAddress });
  const { statusCode, headers: given, body } = answer ?? {};
  const shown = { statusCode, location: given?.location, type: given?.['content-type'], body: body?.slice(0, 500) };
  return `  ${request.slice(0, 5000)}\n  ${JSON.stringify(shown)}`;
}
