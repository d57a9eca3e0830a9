import { type FhirVersion, r4 } from '../../../src/fhir/index.ts';
import type { FhirServer } from '../fhir/fhir-server.ts';
import { withValidDigest } from '../fuzzing/cursor-digest.ts';
import { seededRandom } from '../fuzzing/seeded-random.ts';
import { ATTACKERS, type Attacker, type Forbidden, forbiddenFor, listDocuments, listMedications } from './attackers.ts';
import { auditLogProblems, type ComparableResponse, leakProblems, toComparable } from './compare-responses.ts';
import type { RequestMaker } from './exhaustive-requests.ts';
import { listExportUrls } from './exports.ts';
import type { LeakServers } from './leak-servers.ts';
import { MOTHER_ELSEWHERE, patientId } from './record.ts';
import { type LeakRequest, makeRandomRequest } from './requests.ts';
import type { HuntContext } from './values.ts';

export interface HuntReport {
  readonly problems: readonly string[];
  /** Number of requests of each kind, and number of responses with 200 among them. */
  readonly counts: Readonly<Record<string, readonly [asked: number, answered: number]>>;
  readonly asked: number;
}

interface PreparedAttacker {
  readonly attacker: Attacker;
  readonly scene: HuntContext;
  readonly forbidden: Forbidden;
  readonly tokens: Readonly<Record<'here' | 'alone', string>>;
  readonly records: ReadonlySet<number>;
}

interface HuntOptions {
  readonly seed: number;
  /** Number of random requests, beside the given ones. */
  readonly count: number;
  readonly version?: FhirVersion;
  /** Requests that only one of the attackers sends. */
  readonly byOne?: readonly RequestMaker[];
  /**
   * Requests that one attacker of each group sends. The groups have access to one record, to the first practice, or to
   * the second one.
   */
  readonly byEachKind?: readonly RequestMaker[];
}

/**
 * Sends the same requests to a server with everybody's data and to one with only the attacker's own, and compares the
 * responses. Attackers take turns.
 */
export async function huntLeaks(
  world: LeakServers,
  { seed, count, version = r4, byOne = [], byEachKind = [] }: HuntOptions,
): Promise<HuntReport> {
  const prepared: PreparedAttacker[] = [];
  for (const attacker of ATTACKERS) prepared.push(await prepareAttacker(attacker, world, version));
  const random = seededRandom(seed);
  const found = new Findings();
  const ask = async (one: PreparedAttacker, every: RequestMaker) => {
    const request = every(one.scene, random);
    found.add(one.attacker, request, await attempt(world, one, request));
  };
  const kinds = [...Map.groupBy(prepared, ({ attacker }) => attacker.alone).values()];
  for (const every of byEachKind) for (const kind of kinds) await ask(random.pick(kind), every);
  const chance = Array.from({ length: count }, (): RequestMaker => makeRandomRequest);
  const turns = [...byOne, ...chance];
  for (const [at, every] of turns.entries()) {
    const one = prepared[at % prepared.length];
    if (one !== undefined) await ask(one, every);
  }
  return found;
}

interface Attempt {
  readonly status: number;
  readonly faults: readonly string[];
}

const MAX_PROBLEMS = 100;

class Findings implements HuntReport {
  readonly problems: string[] = [];
  readonly counts: Record<string, [number, number]> = {};
  asked = 0;

  add(
    { name }: Attacker,
    { kind, method, path, payload = '', headers }: LeakRequest,
    { status, faults: problems }: Attempt,
  ): void {
    this.asked += 1;
    const [asked, answered] = this.counts[kind] ?? [0, 0];
    this.counts[kind] = [asked + 1, answered + (status === 200 ? 1 : 0)];
    if (this.problems.length >= MAX_PROBLEMS) return;
    const request = `${name}: ${method} ${path} ${payload} ${JSON.stringify(headers)}`;
    this.problems.push(...problems.map((problem) => `${request} ${problem}`));
  }
}

async function prepareAttacker(
  attacker: Attacker,
  world: LeakServers,
  version: FhirVersion,
): Promise<PreparedAttacker> {
  const { of, options, alone, forbidden } = attacker;
  const token = (server: FhirServer) => server.token(patientId(of), options);
  return {
    attacker,
    scene: {
      version,
      own: of,
      others: forbidden,
      documents: await listDocuments(world.everybody),
      medications: await listMedications(world.everybody),
      bulk: await listExportUrls(world.everybody, options.backend === undefined ? undefined : options.practices?.[0]),
    },
    forbidden: await forbiddenFor(attacker, world),
    tokens: { here: await token(world.everybody), alone: await token(world[alone]) },
    records: new Set(await recordsOf(attacker, world)),
  };
}

/** Records that the attacker's token covers. */
async function recordsOf({ of, options }: Attacker, { everybody }: LeakServers): Promise<readonly number[]> {
  const own = of === MOTHER_ELSEWHERE ? 2 : 1;
  const wide =
    options.record === false ||
    /user\/(Observation|Patient|\*)/.test(options.practices === undefined ? '' : (options.scope ?? ''));
  const rows = await everybody.db.queryText<{ record_id: number }>(
    'select record_id from record where practice_id = $1 and ($2 or patient_id = $3)',
    [own, wide, patientId(of)],
  );
  return rows.map(({ record_id }) => Number(record_id));
}

async function attempt(
  world: LeakServers,
  { attacker, tokens, forbidden, records }: PreparedAttacker,
  request: LeakRequest,
): Promise<Attempt> {
  const { everybody } = world;
  everybody.disclosures.length = 0;
  const [response, other] = await Promise.all([
    send(everybody, tokens.here, request),
    send(world[attacker.alone], tokens.alone, request),
  ]);
  const events = auditLogProblems(everybody.disclosures, records, forbidden);
  return { status: response.status, faults: [...leakProblems(request, response, other, forbidden), ...events] };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export async function send({ app }: FhirServer, token: string, asked: LeakRequest): Promise<ComparableResponse> {
  const { method, path, payload } = asked;
  const authorization = `Bearer ${token}`;
  const sent = (of: Pick<LeakRequest, 'method' | 'headers'>, url: string, body = payload) =>
    app.inject({
      method: of.method,
      url,
      headers: { authorization, ...of.headers },
      ...(body === undefined ? {} : { payload: body }),
    });
  const first = method === 'POST' ? { method, headers: FORM } : { method: 'GET' as const, headers: {} };
  const textAt = async (url: string, body?: string) => (await sent(first, url, body)).body;
  const url = `/api/fhir/r4${path}`;
  const form = payload && (await withValidDigest(payload, (text) => textAt(url, text)));
  const answer = await sent(asked, await withValidDigest(url, (text) => textAt(text, form)), form);
  return toComparable(asked, answer);
}

/** Kinds of request for other patients' data only. They never succeed. */
const DENIED_KINDS = ['each read', 'each export', 'each export by POST'];

/** Kinds of request of which too small a share succeeded to prove anything. Kinds with few requests are left out. */
export const coverageGaps = ({ counts }: HuntReport, part: number, never: readonly string[] = []): readonly string[] =>
  Object.entries(counts).flatMap(([family, [asked, answered]]) =>
    asked < 20 || answered >= asked * part || DENIED_KINDS.concat(never).includes(family)
      ? []
      : [`${family}: ${answered} of ${asked}`],
  );
