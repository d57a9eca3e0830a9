// The authorization server's hot paths. Chains and codes are made beforehand; only the exchange is timed.
import http from 'node:http';
import { connectOver, consentOver, type Fields } from '../test/support/over-http.ts';

export interface Rate {
  readonly perSecond: number;
  /** Body of one answer: what the baseline serves. */
  readonly sample: string;
}

const OAUTH = '/nge/prod/patient-oauth';
const CONNECTIONS = 16;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });

/** Plain sockets: what fetch costs beside them is more than what is measured. */
export function post(url: string, fields: Fields): Promise<string> {
  const body = new URLSearchParams(fields).toString();
  return new Promise((resolve, reject) => {
    const headers = { ...FORM, 'content-length': Buffer.byteLength(body) };
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`)),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Chains of refreshes, each with the token that the last one gave. */
export async function refreshes(origin: string, client: Fields, seconds: number): Promise<Rate> {
  const { client_id = '', client_secret = '' } = client;
  const chains = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectOver(origin, client)));
  return timed(seconds, async (worker) => {
    const chain = chains[worker];
    if (chain === undefined) throw new Error('each worker has a chain');
    const { refresh_token } = chain;
    const text = await post(`${origin}${OAUTH}/token`, {
      grant_type: 'refresh_token',
      refresh_token,
      client_id,
      client_secret,
    });
    chains[worker] = JSON.parse(text);
    return text;
  });
}

export async function introspections(origin: string, client: Fields, seconds: number): Promise<Rate> {
  const { client_id = '', client_secret = '' } = client;
  const { access_token } = await connectOver(origin, client);
  const fields = { token: access_token, client_id, client_secret };
  return timed(seconds, () => post(`${origin}${OAUTH}/introspect`, fields));
}

/** A code is good once: as many as can be exchanged in the time are asked for first. */
export async function codeExchanges(origin: string, client: Fields, count: number): Promise<Rate> {
  const codes = await consentOver(origin, client, count, { scope: 'openid fhirUser patient/*.rs' });
  const begun = performance.now();
  let sample = '';
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (let code = codes.pop(); code !== undefined; code = codes.pop()) {
        sample = await post(`${origin}${OAUTH}/token`, { grant_type: 'authorization_code', code, ...client });
      }
    }),
  );
  return { perSecond: (count * 1000) / (performance.now() - begun), sample };
}

export function baseline(url: string, seconds: number): Promise<Rate> {
  return timed(seconds, () => post(url, { some: 'thing', of: 'the usual length', that: 'is not looked at' }));
}

async function timed(seconds: number, work: (worker: number) => Promise<string>): Promise<Rate> {
  const begun = performance.now();
  const end = begun + seconds * 1000;
  let count = 0;
  let sample = '';
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, worker) => {
      while (performance.now() < end) {
        sample = await work(worker);
        count += 1;
      }
    }),
  );
  return { perSecond: (count * 1000) / (performance.now() - begun), sample };
}
