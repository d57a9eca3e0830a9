import { r4 } from '../../../../src/fhir/index.ts';
import type { FhirServer, TokenOptions } from '../../fhir-server.ts';
import { throwDice } from '../dice.ts';
import { documentsIn } from './attackers.ts';
import type { Every } from './every.ts';
import { CHART_EACH, chartPatient, chartServer, type Limit, partOf } from './granular-world.ts';
import { send } from './hunt.ts';
import { differencesIn, type Told } from './judge.ts';
import { ANN } from './record.ts';
import { type Asked, aRequest } from './requests.ts';
import type { Scene } from './values.ts';

interface ComparisonOptions {
  readonly seed: number;
  /** The number of random requests, beside the pages. */
  readonly count: number;
}

interface ComparisonResult {
  readonly faults: readonly string[];
  readonly answered: number;
}

/**
 * Compares limited access to all data with full access to limited data. @returns the differences
 * @param here the server with the whole chart
 */
export async function compare(
  here: FhirServer,
  limit: Limit,
  comparison: ComparisonOptions,
): Promise<ComparisonResult> {
  const there = await chartServer(limit);
  const compared = await compareWith(there, here, limit, comparison);
  await there.close();
  return compared;
}

/** Compares for limits of one type. Limits with the same visible part share the server with limited data. */
export async function compareAll(
  here: FhirServer,
  limits: readonly Limit[],
  { seed, count }: ComparisonOptions,
): Promise<readonly ComparisonResult[]> {
  const compared: ComparisonResult[] = [];
  for (const alike of Map.groupBy(limits, partOf).values()) {
    const there = await chartServer(alike[0]);
    for (const limit of alike)
      compared.push(await compareWith(there, here, limit, { seed: seed + compared.length, count }));
    await there.close();
  }
  return compared;
}

async function compareWith(
  there: FhirServer,
  here: FhirServer,
  limit: Limit,
  { seed, count }: ComparisonOptions,
): Promise<ComparisonResult> {
  const random = throwDice(seed);
  const scene = await createContext(here, limit);
  const pairs = await pairsOf(here, there, limit);
  const problems: string[] = [];
  let answered = 0;
  for (const every of [...pagesOf(limit), ...Array.from({ length: count }, (): Every => aRequest)]) {
    for (const { tokens, isSame } of pairs) {
      const request = every(scene, random);
      const response = await send(here, tokens[0], request);
      const other = await send(there, tokens[1], request);
      if (response.status === 200) answered += 1;
      const found = isSame ? differencesIn(response, other) : differencesIn(withoutTime(response), withoutTime(other));
      if (problems.length < 5)
        problems.push(...found.map((problem) => `${limit.name}: ${formatRequest(request)} ${problem}`));
    }
  }
  return { faults: problems, answered };
}

/** Requests for what a page reveals about others in its total and its cursor. */
const pagesOf = ({ type }: Limit): readonly Every[] =>
  [type ?? 'Observation', 'Patient', 'Provenance'].flatMap((name) =>
    [
      '',
      '&_sort=_lastUpdated',
      '&_total=none',
      '&page=2&_total=none',
      '&_sort=-date&_revinclude=Provenance:target',
    ].map(
      (more): Every =>
        () => ({ family: 'a page', method: 'GET', path: `/${name}?_count=1${more}`, headers: {} }),
    ),
  );

const formatRequest = ({ method, path, payload = '', headers }: Asked): string =>
  `${method} ${path} ${payload} ${JSON.stringify(headers)}`;

interface TokenPair {
  readonly tokens: readonly [here: string, there: string];
  /** Whether both servers use the same token. */
  readonly isSame: boolean;
}

/**
 * The pairs of tokens to compare. For Provenance, which is redacted if not everything is visible, both servers use the
 * same token: it must reveal nothing about missing data.
 */
async function pairsOf(here: FhirServer, there: FhirServer, limit: Limit): Promise<readonly TokenPair[]> {
  const pairOf = async (one: TokenOptions, other: TokenOptions): Promise<TokenPair> => ({
    tokens: [await here.token(chartPatient, one), await there.token(chartPatient, other)],
    isSame: one === other,
  });
  const { type, limited, whole } = limit;
  if (type === 'Provenance') return [await pairOf(limited, limited)];
  const response = { ...limited, scope: `${limited.scope} patient/Provenance.rs` };
  return [await pairOf(limited, whole), await pairOf(response, response)];
}

/** Redacted resources hide their last-updated time, and later pages may have new resources. */
const withoutTime = (response: Told): Told => ({
  ...response,
  body: response.body.replaceAll(/_cursor=([\w-]+)/g, (_, text) => {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return JSON.stringify(Array.isArray(parts) ? parts.slice(0, 4) : parts);
  }),
});

async function createContext(server: FhirServer, { type }: Limit): Promise<Scene> {
  return {
    version: r4,
    own: ANN,
    others: [ANN],
    documents: await documentsIn(server),
    each: CHART_EACH,
    ...(type === undefined ? {} : { focus: type }),
  };
}
