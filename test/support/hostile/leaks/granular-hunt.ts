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

interface Comparison {
  readonly seed: number;
  /** The number of random requests, beside the pages. */
  readonly count: number;
}

interface Compared {
  readonly faults: readonly string[];
  readonly answered: number;
}

/**
 * Compares limited access to all data with full access to limited data. @returns the differences
 * @param here the server with the whole chart
 */
export async function compare(here: FhirServer, limit: Limit, comparison: Comparison): Promise<Compared> {
  const there = await chartServer(limit);
  const compared = await compareWith(there, here, limit, comparison);
  await there.close();
  return compared;
}

/** Compares for limits of one type. Limits with the same visible part share the server with limited data. */
export async function compareAll(
  here: FhirServer,
  limits: readonly Limit[],
  { seed, count }: Comparison,
): Promise<readonly Compared[]> {
  const compared: Compared[] = [];
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
  { seed, count }: Comparison,
): Promise<Compared> {
  const dice = throwDice(seed);
  const scene = await sceneOf(here, limit);
  const pairs = await pairsOf(here, there, limit);
  const faults: string[] = [];
  let answered = 0;
  for (const every of [...pagesOf(limit), ...Array.from({ length: count }, (): Every => aRequest)]) {
    for (const { tokens, isSame } of pairs) {
      const request = every(scene, dice);
      const told = await send(here, tokens[0], request);
      const other = await send(there, tokens[1], request);
      if (told.status === 200) answered += 1;
      const found = isSame ? differencesIn(told, other) : differencesIn(withoutTime(told), withoutTime(other));
      if (faults.length < 5) faults.push(...found.map((fault) => `${limit.name}: ${printed(request)} ${fault}`));
    }
  }
  return { faults, answered };
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

const printed = ({ method, path, payload = '', headers }: Asked): string =>
  `${method} ${path} ${payload} ${JSON.stringify(headers)}`;

interface Pair {
  readonly tokens: readonly [here: string, there: string];
  /** Whether both servers use the same token. */
  readonly isSame: boolean;
}

/**
 * The pairs of tokens to compare. For Provenance, which is redacted if not everything is visible, both servers use the
 * same token: it must reveal nothing about missing data.
 */
async function pairsOf(here: FhirServer, there: FhirServer, limit: Limit): Promise<readonly Pair[]> {
  const pairOf = async (one: TokenOptions, other: TokenOptions): Promise<Pair> => ({
    tokens: [await here.token(chartPatient, one), await there.token(chartPatient, other)],
    isSame: one === other,
  });
  const { type, limited, whole } = limit;
  if (type === 'Provenance') return [await pairOf(limited, limited)];
  const told = { ...limited, scope: `${limited.scope} patient/Provenance.rs` };
  return [await pairOf(limited, whole), await pairOf(told, told)];
}

/** Redacted resources hide their last-updated time, and later pages may have new resources. */
const withoutTime = (told: Told): Told => ({
  ...told,
  body: told.body.replaceAll(/_cursor=([\w-]+)/g, (_, text) => {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return JSON.stringify(Array.isArray(parts) ? parts.slice(0, 4) : parts);
  }),
});

async function sceneOf(server: FhirServer, { type }: Limit): Promise<Scene> {
  return {
    version: r4,
    own: ANN,
    others: [ANN],
    documents: await documentsIn(server),
    each: CHART_EACH,
    ...(type === undefined ? {} : { focus: type }),
  };
}
