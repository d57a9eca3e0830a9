import { r4 } from '../../../src/fhir/index.ts';
import type { FhirServer, TokenOptions } from '../fhir/fhir-server.ts';
import { seededRandom } from '../fuzzing/seeded-random.ts';
import { listDocuments } from './attackers.ts';
import { type ComparableResponse, listDifferences } from './compare-responses.ts';
import type { RequestMaker } from './exhaustive-requests.ts';
import { send } from './hunt.ts';
import { type AccessLimit, CHART_EACH, chartPatient, limitKey, startChartServer } from './limited-chart.ts';
import { ANN } from './record.ts';
import { type LeakRequest, makeRandomRequest } from './requests.ts';
import type { HuntContext } from './values.ts';

interface ComparisonOptions {
  readonly seed: number;
  /** Number of random requests, beside those for pages. */
  readonly count: number;
}

interface ComparisonResult {
  readonly problems: readonly string[];
  readonly answered: number;
}

/**
 * Compares a token with limited access on a server with all data to a token with full access on a server with only the
 * permitted data.
 * @param here the server with all data
 * @returns the differences
 */
export async function compareLimit(
  here: FhirServer,
  limit: AccessLimit,
  comparison: ComparisonOptions,
): Promise<ComparisonResult> {
  const there = await startChartServer(limit);
  const compared = await compareWith(there, here, limit, comparison);
  await there.close();
  return compared;
}

/** Compares limits of one type. Limits that permit the same data share the server with only that data. */
export async function compareLimits(
  here: FhirServer,
  limits: readonly AccessLimit[],
  { seed, count }: ComparisonOptions,
): Promise<readonly ComparisonResult[]> {
  const compared: ComparisonResult[] = [];
  for (const alike of Map.groupBy(limits, limitKey).values()) {
    const there = await startChartServer(alike[0]);
    for (const limit of alike)
      compared.push(await compareWith(there, here, limit, { seed: seed + compared.length, count }));
    await there.close();
  }
  return compared;
}

async function compareWith(
  there: FhirServer,
  here: FhirServer,
  limit: AccessLimit,
  { seed, count }: ComparisonOptions,
): Promise<ComparisonResult> {
  const random = seededRandom(seed);
  const scene = await createContext(here, limit);
  const pairs = await pairsOf(here, there, limit);
  const problems: string[] = [];
  let answered = 0;
  for (const every of [...pagesOf(limit), ...Array.from({ length: count }, (): RequestMaker => makeRandomRequest)]) {
    for (const { tokens, isSame } of pairs) {
      const request = every(scene, random);
      const response = await send(here, tokens[0], request);
      const other = await send(there, tokens[1], request);
      if (response.status === 200) answered += 1;
      const found = isSame
        ? listDifferences(response, other)
        : listDifferences(withoutTime(response), withoutTime(other));
      if (problems.length < 5)
        problems.push(...found.map((problem) => `${limit.name}: ${formatRequest(request)} ${problem}`));
    }
  }
  return { problems, answered };
}

/** Requests for pages whose total or cursor might reveal other data. */
const pagesOf = ({ type }: AccessLimit): readonly RequestMaker[] =>
  [type ?? 'Observation', 'Patient', 'Provenance'].flatMap((name) =>
    [
      '',
      '&_sort=_lastUpdated',
      '&_total=none',
      '&page=2&_total=none',
      '&_sort=-date&_revinclude=Provenance:target',
    ].map(
      (more): RequestMaker =>
        () => ({ kind: 'a page', method: 'GET', path: `/${name}?_count=1${more}`, headers: {} }),
    ),
  );

const formatRequest = ({ method, path, payload = '', headers }: LeakRequest): string =>
  `${method} ${path} ${payload} ${JSON.stringify(headers)}`;

interface TokenPair {
  readonly tokens: readonly [here: string, there: string];
  /** Whether both servers get a token with the same scopes. */
  readonly isSame: boolean;
}

/**
 * Makes the pairs of tokens to compare, one for each server. If Provenance may be redacted, both tokens have the same
 * scopes, because Provenance must not reveal that data is missing.
 */
async function pairsOf(here: FhirServer, there: FhirServer, limit: AccessLimit): Promise<readonly TokenPair[]> {
  const pairOf = async (one: TokenOptions, other: TokenOptions): Promise<TokenPair> => ({
    tokens: [await here.token(chartPatient, one), await there.token(chartPatient, other)],
    isSame: one === other,
  });
  const { type, limited, whole } = limit;
  if (type === 'Provenance') return [await pairOf(limited, limited)];
  const response = { ...limited, scope: `${limited.scope} patient/Provenance.rs` };
  return [await pairOf(limited, whole), await pairOf(response, response)];
}

/**
 * Removes last-updated times from cursors. A redacted resource doesn't show its time, and a later page may have new
 * resources.
 */
const withoutTime = (response: ComparableResponse): ComparableResponse => ({
  ...response,
  body: response.body.replaceAll(/_cursor=([\w-]+)/g, (_, text) => {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return JSON.stringify(Array.isArray(parts) ? parts.slice(0, 4) : parts);
  }),
});

async function createContext(server: FhirServer, { type }: AccessLimit): Promise<HuntContext> {
  return {
    version: r4,
    own: ANN,
    others: [ANN],
    documents: await listDocuments(server),
    each: CHART_EACH,
    ...(type === undefined ? {} : { focus: type }),
  };
}
