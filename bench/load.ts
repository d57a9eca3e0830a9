// Load on each hot path. Chains of tokens and codes are created beforehand, so that only the exchange is timed.
import autocannon from 'autocannon';
import { connectOverHttp, consentOverHttp, exchangeOverHttp, type Fields } from '../test/support/servers/over-http.ts';
import type { CpuMeter, CpuTime } from './process-usage.ts';

export interface LoadRate {
  readonly perSecond: number;
  /** Body of one response. The reference serves the same bytes. */
  readonly sample: string;
  /** CPU time per request in microseconds. */
  readonly each: CpuTime | undefined;
}

export interface LoadTarget {
  readonly origin: string;
  readonly meter: CpuMeter;
}

const OAUTH = '/nge/prod/patient-oauth';
const CONNECTIONS = 64;

const form = (fields: Fields): string => new URLSearchParams(fields).toString();

/**
 * Measures refreshes. Each connection has a chain in which a request uses the refresh token of the previous response.
 */
export async function refreshes({ origin, meter }: LoadTarget, client: Fields, duration: number): Promise<LoadRate> {
  const { client_id = '', client_secret = '' } = client;
  const codes = await consentOverHttp(origin, client, CONNECTIONS);
  const chains = await Promise.all(codes.map((code) => exchangeOverHttp(origin, client, code)));
  return runForm({ url: `${origin}${OAUTH}/token`, meter }, { duration }, () => {
    let refresh_token = chains.pop()?.refresh_token ?? '';
    return {
      body: () => form({ grant_type: 'refresh_token', refresh_token, client_id, client_secret }),
      answered: (text) => {
        refresh_token = JSON.parse(text).refresh_token;
      },
    };
  });
}

export async function introspections(
  { origin, meter }: LoadTarget,
  client: Fields,
  duration: number,
): Promise<LoadRate> {
  const { client_id = '', client_secret = '' } = client;
  const { access_token } = await connectOverHttp(origin, client);
  const body = form({ token: access_token, client_id, client_secret });
  return runForm({ url: `${origin}${OAUTH}/introspect`, meter }, { duration }, () => ({ body: () => body }));
}

/**
 * Codes work once, so all of them are requested first, with one more for each connection, because it prepares its next
 * request.
 */
export async function codeExchanges({ origin, meter }: LoadTarget, client: Fields, amount: number): Promise<LoadRate> {
  const codes = await consentOverHttp(origin, client, amount + CONNECTIONS, { scope: 'openid fhirUser patient/*.rs' });
  return runForm({ url: `${origin}${OAUTH}/token`, meter }, { amount }, () => ({
    body: () => form({ grant_type: 'authorization_code', code: codes.pop() ?? '', ...client }),
  }));
}

export const reads = (
  target: { url: string; meter: CpuMeter },
  headers: Record<string, string>,
  duration: number,
): Promise<LoadRate> => runLoad(target, { headers, duration });

/**
 * Sends a fixed number of requests instead of running for a fixed time. If a request takes a second, too few of them
 * would end in a few seconds.
 */
export const readAmount = (
  target: { url: string; meter: CpuMeter },
  headers: Record<string, string>,
  amount: number,
): Promise<LoadRate> => runLoad(target, { headers, amount, timeout: 120 });

export function baseline(target: { url: string; meter: CpuMeter }, duration: number): Promise<LoadRate> {
  const body = form({ some: 'thing', of: 'the usual length', that: 'is not looked at' });
  return runForm(target, { duration }, () => ({ body: () => body }));
}

/** Request and response handling of one connection. */
interface ConnectionSender {
  body(): string;
  answered?(text: string): void;
}

async function runForm(
  target: { readonly url: string; readonly meter: CpuMeter },
  until: { readonly duration: number } | { readonly amount: number },
  sender: () => ConnectionSender,
): Promise<LoadRate> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  let sample = '';
  const rate = await runLoad(target, {
    ...until,
    setupClient: (client) => {
      const { body, answered } = sender();
      client.setRequests([
        {
          method: 'POST',
          headers,
          setupRequest: (request) => ({ ...request, body: body() }),
          onResponse: (_status, text) => {
            sample = text;
            answered?.(text);
          },
        },
      ]);
    },
  });
  return { ...rate, sample };
}

/** Throws if any response isn't 2xx, because that would measure something else. */
async function runLoad(
  { url, meter }: { readonly url: string; readonly meter: CpuMeter },
  options: Omit<autocannon.Options, 'url' | 'connections'>,
): Promise<LoadRate> {
  const before = meter();
  const begun = performance.now();
  // autocannon notices the end of a fixed number of requests at the next sample. With one sample per second, two
  // seconds could become three.
  const result = await autocannon({ url, connections: CONNECTIONS, sampleInt: 20, ...options });
  const seconds = (performance.now() - begun) / 1000;
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refusals, ${result.errors} errors`);
  return { perSecond: result['2xx'] / seconds, sample: '', each: perRequest(before, meter(), result['2xx']) };
}

export function perRequest(
  before: CpuTime | undefined,
  after: CpuTime | undefined,
  count: number,
): CpuTime | undefined {
  if (before === undefined || after === undefined) return undefined;
  return { server: (after.server - before.server) / count, database: (after.database - before.database) / count };
}
