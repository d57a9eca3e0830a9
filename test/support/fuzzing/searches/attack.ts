import fc from 'fast-check';
import { addApp } from '../../apps/apps.ts';
import { connectApp } from '../../people/patient.ts';
import type { TestServer } from '../../servers/server.ts';
import { withValidDigest } from '../cursor-digest.ts';
import { logProblems, searchProblems } from './judge.ts';
import { type HostileRequest, hostileRequest } from './make.ts';

export interface SearchReport {
  readonly problems: readonly string[];
  /** Log lines that contain parts of a request. */
  readonly logLeaks: readonly string[];
  readonly statuses: Readonly<Record<number, number>>;
  /** The longest response time in milliseconds. */
  readonly slowest: number;
}

/**
 * Sends hostile searches one after the other. The seed determines them. The token has access to all of one patient's
 * record.
 */
export async function attackSearches(
  server: TestServer,
  { seed, count }: { readonly seed: number; readonly count: number },
): Promise<SearchReport> {
  const { access_token: token, patient } = await connectApp(server.app, await addApp(server));
  const problems: string[] = [];
  const statuses: Record<number, number> = {};
  let slowest = 0;
  for (const request of fc.sample(hostileRequest, { seed, numRuns: count })) {
    const began = performance.now();
    const answer = await send(server, token, request);
    const took = performance.now() - began;
    slowest = Math.max(slowest, took);
    statuses[answer.statusCode] = (statuses[answer.statusCode] ?? 0) + 1;
    const found = searchProblems(request, answer, took);
    if (problems.length < 50) problems.push(...found.map((problem) => `${formatRequest(request)} ${problem}`));
  }
  return { problems, logLeaks: logProblems(server.log, [token, patient]).slice(0, 20), statuses, slowest };
}

async function send({ app }: TestServer, token: string, { method, url, headers, payload }: HostileRequest) {
  const authorization = `Bearer ${token}`;
  const textAt = async (address: string) => (await app.inject({ url: address, headers: { authorization } })).body;
  return app.inject({
    method: method as 'GET',
    url: await withValidDigest(url, textAt),
    headers: { authorization, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
}

const formatRequest = ({ method, url, headers, payload = '' }: HostileRequest): string =>
  `${method} ${url.slice(0, 600)} ${JSON.stringify(headers).slice(0, 200)} ${payload.slice(0, 200)}`;
