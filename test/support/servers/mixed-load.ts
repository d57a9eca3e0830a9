import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { R4, TOKEN_PATH } from '../../../bench/against/api-paths.ts';
import type { SigningKey } from '../../../bench/against/prepare-tree.ts';
import { clientCredentials } from '../../../bench/against/tokens.ts';
import type { Fields, Tokens } from './over-http.ts';

/** Who sends the requests, to where. */
export interface LoadOptions {
  readonly origin: string;
  /** Certificate of the proxy, in PEM. */
  readonly certificate: string;
  /** An app, and the tokens of its users. Each user sends one request at a time. */
  readonly client: Fields;
  readonly users: Tokens[];
  readonly backend: { readonly clientId: string; readonly key: SigningKey };
}

export interface MixedLoad {
  /** Requests that were answered so far. */
  answered(): number;
  /** Stops sending requests, and waits for the responses. @returns what didn't succeed */
  stop(): Promise<readonly string[]>;
}

/** How many of 40 requests are of each kind. */
const MIX = { metadata: 10, read: 14, search: 6, refresh: 4, 'client credentials': 2, 'sign-in page': 4 } as const;
type Kind = keyof typeof MIX;

interface LoadRequest {
  readonly method?: 'POST';
  readonly path: string;
  readonly headers?: Fields;
  readonly body?: string;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Starts to send requests of all kinds, without a pause. A refresh uses the refresh token of the previous one. */
export function startMixedLoad({ origin, certificate, client, users, backend }: LoadOptions): MixedLoad {
  const agent = new Agent({ keepAlive: true, ca: certificate });
  const failures: string[] = [];
  let answered = 0;
  let stopping = false;

  async function send({ path, body, ...options }: LoadRequest): Promise<{ status: number; text: string }> {
    const [response] = (await once(request(new URL(path, origin), { agent, ...options }).end(body), 'response')) as [
      IncomingMessage,
    ];
    let text = '';
    for await (const part of response.setEncoding('utf8')) text += part;
    return { status: response.statusCode ?? 0, text };
  }

  const toRequest = (kind: Kind, { access_token, refresh_token, patient }: Tokens): LoadRequest => {
    const headers = { authorization: `Bearer ${access_token}` };
    const { client_id = '', client_secret = '' } = client;
    const post = (fields: string): LoadRequest => ({ method: 'POST', path: TOKEN_PATH, headers: FORM, body: fields });
    switch (kind) {
      case 'metadata':
        return { path: `${R4}/metadata` };
      case 'read':
        return { path: `${R4}/Patient/${patient}`, headers };
      case 'search':
        return { path: `${R4}/Observation?patient=${patient}&category=laboratory&_count=10`, headers };
      case 'refresh':
        return post(
          new URLSearchParams({ grant_type: 'refresh_token', refresh_token, client_id, client_secret }).toString(),
        );
      case 'client credentials':
        return post(clientCredentials({ origin }, backend.clientId, backend.key, 'system/*.rs'));
      case 'sign-in page':
        return { path: '/sign-in?return_to=/account' };
    }
  };

  async function act(user: number, first: number): Promise<void> {
    for (let turn = first; !stopping; turn += 1) {
      const kind = TURNS[turn % TURNS.length] ?? 'metadata';
      const tokens = users[user];
      if (tokens === undefined) throw new Error('no tokens');
      try {
        const { status, text } = await send(toRequest(kind, tokens));
        if (status !== 200) failures.push(`${kind}: ${status} ${text.slice(0, 200)}`);
        else if (kind === 'refresh') users[user] = { ...tokens, ...JSON.parse(text) };
      } catch (error) {
        failures.push(`${kind}: ${error}`);
      }
      answered += 1;
    }
  }

  const acting = users.map((_, user) => act(user, user * 7));
  return {
    answered: () => answered,
    async stop() {
      stopping = true;
      await Promise.all(acting);
      agent.destroy();
      return failures;
    },
  };
}

/** Kinds of 40 requests in turn, spread evenly. */
const TURNS: readonly Kind[] = (Object.entries(MIX) as [Kind, number][])
  .flatMap(([kind, count]) => Array.from({ length: count }, (_, i) => ({ kind, at: (i + 0.5) / count })))
  .toSorted((a, b) => a.at - b.at)
  .map(({ kind }) => kind);
