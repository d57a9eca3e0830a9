import { type SeededRandom, seededRandom } from '../seeded-random.ts';
import { findProblems } from './judge/judge.ts';
import { makeRequest } from './make/make.ts';
import { mutateRequest } from './mutate/mutate.ts';
import type { OAuthWorld } from './oauth-server.ts';
import { classifyOutcome, type Outcome } from './outcome.ts';
import { type Answer, parseRequest } from './parsed-request.ts';
import { addRecent } from './pick.ts';
import { recordResponse } from './record-response.ts';
import { type EncodedRequest, KINDS, type Kind } from './request-draft.ts';
import { requestSecrets } from './secrets.ts';

export interface AttackReport {
  /** How often each kind of request succeeded, was rejected, or neither. */
  readonly tally: Readonly<Record<Kind, Record<Outcome, number>>>;
  /**
   * Problems of responses. Each is listed once, with the first request that caused it: its seed, number, text and
   * response.
   */
  readonly problems: readonly string[];
}

/** A run stops when it has found this many problems. */
const MAX_PROBLEMS = 20;
/**
 * Step of the clock in milliseconds: slightly more than the time in which a refresh may be repeated, and a fifth of the
 * lifetime of a code.
 */
const PAUSE_MS = 12_000;

/**
 * Sends random and hostile requests one after the other, and judges each response. The same seed makes the same
 * requests, except for values that the server generated. To reproduce request N, run N requests with its seed.
 */
export async function runAttack(
  world: OAuthWorld,
  { seed, count }: { seed: number; count: number },
): Promise<AttackReport> {
  const tally = Object.fromEntries(
    KINDS.map((kind) => [kind, { success: 0, refusal: 0, neither: 0 }]),
  ) as AttackReport['tally'];
  const problems = new Map<string, string>();
  const past: EncodedRequest[] = [];
  for (let number = 1; number <= count && problems.size < MAX_PROBLEMS; number++) {
    // Each request has random numbers of its own, so that a different response to one doesn't change all later ones.
    const random = seededRandom(seed ^ Math.imul(number, 0x9e3779b1));
    if (random.chance(0.01)) world.server.clock.advance(PAUSE_MS);
    const wire = await chooseRequest(world, random, past).catch((cause) => {
      throw new Error(`seed ${seed}, request ${number} could not be made`, { cause });
    });
    const [answer, wrong] = await sendRequest(world, wire);
    if (answer !== undefined) tally[wire.kind][classifyOutcome(wire.kind, answer)] += 1;
    for (const problem of wrong) {
      if (!problems.has(problem))
        problems.set(problem, `${problem}: seed ${seed}, request ${number}\n${describeRequest(wire, answer)}`);
    }
    addRecent(past, wire);
  }
  return { tally, problems: [...problems.values()] };
}

/** Makes a request, or sometimes repeats an earlier one. */
async function chooseRequest(
  world: OAuthWorld,
  random: SeededRandom,
  past: readonly EncodedRequest[],
): Promise<EncodedRequest> {
  if (past.length > 0 && random.chance(0.03)) return random.pick(past);
  return mutateRequest(await makeRequest(world, random), random, world);
}

async function sendRequest(world: OAuthWorld, wire: EncodedRequest): Promise<[Answer | undefined, readonly string[]]> {
  const reading = parseRequest(wire);
  for (const secret of requestSecrets(reading)) world.ledger.secrets.add(secret);
  const { kind: _, ...request } = wire;
  try {
    const answer = await withTimeout(world.server.app.inject(request));
    const wrong = findProblems(reading, answer, world);
    recordResponse(world, wire, reading, answer);
    return [answer, wrong];
  } catch (error) {
    return [undefined, [`no answer: ${error instanceof Error ? error.stack : error}`]];
  }
}

const TIMEOUT_MS = 20_000;

async function withTimeout<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`none within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function describeRequest(
  { kind, method, url, headers, payload = '', remoteAddress }: EncodedRequest,
  answer: Answer | undefined,
): string {
  const request = JSON.stringify({ kind, method, url, headers, payload: payload.toString(), remoteAddress });
  const { statusCode, headers: given, body } = answer ?? {};
  const shown = { statusCode, location: given?.location, type: given?.['content-type'], body: body?.slice(0, 500) };
  return `  ${request.slice(0, 5000)}\n  ${JSON.stringify(shown)}`;
}
