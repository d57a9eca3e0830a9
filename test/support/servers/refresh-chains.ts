import { setTimeout as pause } from 'node:timers/promises';
import { consentOverHttp, exchangeOverHttp, type Fields } from './over-http.ts';

/** Chains of refreshes: each request uses the refresh token of the previous response. */
export interface RefreshChains {
  /** Number of successful refreshes in all chains so far. */
  readonly refreshCount: () => number;
  /** Responses that were neither tokens nor 503. */
  readonly lost: string[];
  /** Lets each chain refresh once more, and then ends it. */
  stop(): Promise<void>;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

interface Options {
  readonly origin: string;
  readonly client: Fields;
  readonly count: number;
  /** Milliseconds that a client waits for a response. */
  readonly patience: number;
}

/**
 * Starts chains that refresh without a pause. After a 503, or without a response, a chain retries with the same token,
 * as `Retry-After` says.
 */
export async function startRefreshChains({ origin, client, count, patience }: Options): Promise<RefreshChains> {
  const lost: string[] = [];
  let exchanged = 0;
  let stopping = false;

  async function follow(first: string): Promise<void> {
    let refresh_token = first;
    for (let last = false; !last; ) {
      const wanted = stopping;
      const answer = await refresh(refresh_token);
      if (answer === undefined) continue;
      if ('lost' in answer) {
        lost.push(answer.lost);
        return;
      }
      refresh_token = answer.refresh_token;
      exchanged += 1;
      last = wanted;
      await pause(20);
    }
  }

  async function refresh(refresh_token: string): Promise<{ refresh_token: string } | { lost: string } | undefined> {
    const { client_id = '', client_secret = '' } = client;
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token, client_id, client_secret });
    try {
      const signal = AbortSignal.timeout(patience);
      const url = `${origin}/nge/prod/patient-oauth/token`;
      const response = await fetch(url, { method: 'POST', headers: FORM, body: body.toString(), signal });
      const text = await response.text();
      if (response.status === 200) return JSON.parse(text);
      if (response.status !== 503) return { lost: `${response.status} ${text}` };
      await pause(Number(response.headers.get('retry-after') ?? 1) * 1000);
    } catch {
      await pause(250);
    }
    return undefined;
  }

  const codes = await consentOverHttp(origin, client, count);
  const tokens = await Promise.all(codes.map((code) => exchangeOverHttp(origin, client, code)));
  const following = tokens.map((token) => follow(token.refresh_token));
  return {
    refreshCount: () => exchanged,
    lost,
    async stop() {
      stopping = true;
      await Promise.all(following);
    },
  };
}
