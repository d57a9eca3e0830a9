// The authorization server's hot paths. Chains and codes are made beforehand; only the exchange is timed.
import autocannon from 'autocannon';
import { connectOver, consentOver, type Fields } from '../test/support/over-http.ts';

export interface Rate {
  readonly perSecond: number;
  /** Body of one answer: what the baseline serves. */
  readonly sample: string;
}

const OAUTH = '/nge/prod/patient-oauth';
const CONNECTIONS = 16;

const form = (fields: Fields): string => new URLSearchParams(fields).toString();

/** Chains of refreshes, one for each connection, each with the token that the last one gave. */
export async function refreshes(origin: string, client: Fields, duration: number): Promise<Rate> {
  const { client_id = '', client_secret = '' } = client;
  const chains = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectOver(origin, client)));
  return fire(`${origin}${OAUTH}/token`, { duration }, () => {
    let refresh_token = chains.pop()?.refresh_token ?? '';
    return {
      body: () => form({ grant_type: 'refresh_token', refresh_token, client_id, client_secret }),
      answered: (text) => {
        refresh_token = JSON.parse(text).refresh_token;
      },
    };
  });
}

export async function introspections(origin: string, client: Fields, duration: number): Promise<Rate> {
  const { client_id = '', client_secret = '' } = client;
  const { access_token } = await connectOver(origin, client);
  const body = form({ token: access_token, client_id, client_secret });
  return fire(`${origin}${OAUTH}/introspect`, { duration }, () => ({ body: () => body }));
}

/** A code is good once: as many as are exchanged are asked for first. */
export async function codeExchanges(origin: string, client: Fields, amount: number): Promise<Rate> {
  const codes = await consentOver(origin, client, amount, { scope: 'openid fhirUser patient/*.rs' });
  return fire(`${origin}${OAUTH}/token`, { amount }, () => ({
    body: () => form({ grant_type: 'authorization_code', code: codes.pop() ?? '', ...client }),
  }));
}

export function baseline(url: string, duration: number): Promise<Rate> {
  const body = form({ some: 'thing', of: 'the usual length', that: 'is not looked at' });
  return fire(url, { duration }, () => ({ body: () => body }));
}

/** What one connection sends. */
interface Sender {
  body(): string;
  answered?(text: string): void;
}

async function fire(
  url: string,
  until: { readonly duration: number } | { readonly amount: number },
  sender: () => Sender,
): Promise<Rate> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  let sample = '';
  const begun = performance.now();
  const result = await autocannon({
    url,
    ...until,
    connections: CONNECTIONS,
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
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} refusals, ${result.errors} errors: ${sample}`);
  }
  return { perSecond: (result['2xx'] * 1000) / (performance.now() - begun), sample };
}
