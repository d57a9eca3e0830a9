import { DSTU2, R4, TOKEN_PATH } from './api-paths.ts';
import type { LoadRequest, LoadSource } from './load-process.ts';
import type { PreparedTree } from './prepare-tree.ts';
import { backendToken, clientCredentials, feedToken, readerTokens } from './tokens.ts';

/** A measured path. */
export interface BenchPath {
  /** Name for `--only`. */
  readonly name: string;
  /** Number of requests in a round that has a number of requests instead of a time: about three seconds of CPU time. */
  readonly requests: number;
  /**
   * `time`: a round lasts a number of seconds. `count`: each request works once, so a round sends as many as fit into
   * that time. `fresh`: a round always sends `requests`, to a server that has just started.
   */
  readonly ends: 'time' | 'count' | 'fresh';
  /** Makes the requests of a round, and creates what they need. */
  createSource(tree: PreparedTree, count: number): Promise<LoadSource>;
  /** Requests before each round, if they differ from those of the round. */
  createWarmUp?(tree: PreparedTree): Promise<LoadSource>;
}

const LAB_PAGE = (patient: string) => `/Observation?patient=${patient}&category=laboratory&_count=50`;

export const BENCH_PATHS: readonly BenchPath[] = [
  readerPath('patient-read', 6000, (patient) => `${R4}/Patient/${patient}`),
  readerPath('lab-page', 2500, (patient) => `${R4}${LAB_PAGE(patient)}`),
  readerPath('dstu2-lab-page', 2000, (patient) => `${DSTU2}${LAB_PAGE(patient)}`),
  readerPath('everything-100', 500, (patient) => `${R4}/Patient/${patient}/$everything?_count=100`),
  readerPath('everything-1000', 150, (patient) => `${R4}/Patient/${patient}/$everything?_count=1000`),
  { name: 'refresh', requests: 3000, ends: 'time', createSource: createRefreshes },
  clientCredentialsPath('client-credentials-rs384', 'RS384'),
  clientCredentialsPath('client-credentials-es384', 'ES384'),
  { name: 'intake', requests: 16, ends: 'count', createSource: createIntake },
  { name: 'metadata', requests: 12_000, ends: 'time', createSource: async () => list([get(`${R4}/metadata`, {})]) },
  practicePath('20-patients', 'few'),
  practicePath('2000-patients', 'many'),
];

const list = (requests: readonly LoadRequest[]): LoadSource => ({ kind: 'list', requests });

const get = (path: string, headers: LoadRequest['headers']): LoadRequest => ({ method: 'GET', path, headers });

const withToken = (token: string) => ({ authorization: `Bearer ${token}`, accept: 'application/json' });

/** A path that the apps of the 20 patients read in turn. */
function readerPath(name: string, requests: number, toPath: (patient: string) => string): BenchPath {
  return {
    name,
    requests,
    ends: 'time',
    async createSource(tree) {
      const tokens = await readerTokens(tree);
      return list(tree.readers.map(({ patient }, i) => get(toPath(patient), withToken(tokens[i] ?? ''))));
    },
  };
}

/**
 * A backend app reads each patient and a laboratory page of each. Both paths send the same number of requests for
 * records of the same size, so a cache of records would make the path with 20 patients faster only.
 */
function practicePath(name: string, group: 'few' | 'many'): BenchPath {
  const createSource = async (tree: PreparedTree, patients: readonly string[]) => {
    const headers = withToken(await backendToken(tree));
    return list(patients.flatMap((id) => [`/Patient/${id}`, LAB_PAGE(id)].map((path) => get(`${R4}${path}`, headers))));
  };
  return {
    name,
    requests: 4000,
    ends: 'fresh',
    createSource: (tree) => createSource(tree, tree.patients[group]),
    createWarmUp: (tree) => createSource(tree, tree.patients.few),
  };
}

async function createRefreshes({ app, chains }: PreparedTree): Promise<LoadSource> {
  const { client_id = '', client_secret = '' } = app;
  const fields = new URLSearchParams({ grant_type: 'refresh_token', client_id, client_secret }).toString();
  return { kind: 'refresh', path: TOKEN_PATH, fields, tokens: chains };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Assertions are signed before the round, because the app signs them, not the server. */
function clientCredentialsPath(name: string, alg: 'RS384' | 'ES384'): BenchPath {
  return {
    name,
    requests: 2000,
    ends: 'count',
    async createSource(tree, count) {
      const key = tree.keys.find((one) => one.alg === alg);
      if (key === undefined) throw new Error(`no key for ${alg}`);
      const body = () => clientCredentials(tree, tree.backend, key, 'system/*.rs');
      return list(
        Array.from({ length: count }, () => ({ method: 'POST', path: TOKEN_PATH, headers: FORM, body: body() })),
      );
    },
  };
}

async function createIntake(tree: PreparedTree, count: number): Promise<LoadSource> {
  const headers = { ...withToken(await feedToken(tree)), 'content-type': 'application/fhir+json' };
  return list(tree.createBundles(count).map((body) => ({ method: 'POST', path: R4, headers, body })));
}
