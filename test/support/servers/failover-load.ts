import { setTimeout as pause } from 'node:timers/promises';
import { R4, TOKEN_PATH } from '../../../bench/against/api-paths.ts';
import { browserAt, DECISION, type Fields, openConsent, signInOverHttp, type Tokens } from './over-http.ts';

/** Surfaces of the server, each with an error format of its own. */
export type Surface = 'oauth' | 'fhir' | 'api' | 'pages';

export interface FailoverLoadOptions {
  readonly origin: string;
  readonly client: Fields;
  /** An access token that writes to a practice. */
  readonly feedToken: string;
  /** Tokens of the app, one for each chain of refreshes. */
  readonly chains: readonly Tokens[];
  readonly developer: { readonly username: string; readonly password: string };
}

/** Acknowledged changes, none of which may be lost. */
export interface Acknowledged {
  /** Access tokens that are valid. */
  readonly accessTokens: readonly string[];
  /** Paths of stored resources. */
  readonly resources: readonly string[];
  /** Request ids, each with the kind of its audit event: `ID KIND`. */
  readonly audited: readonly string[];
  /** All acknowledged changes with their times, also those that a later one replaced. */
  readonly journal: readonly JournalEntry[];
}

/** An acknowledged change. The times are milliseconds since 1970. */
export interface JournalEntry {
  readonly kind: 'audit' | 'resource' | 'token';
  /** As in `audited` and `resources`, or an access token. */
  readonly value: string;
  readonly sent: number;
  readonly acknowledged: number;
}

/** Clients of a load. `read` and `search` read the record of a patient, and `write` stores Bundles in another one. */
export type LoadClient = 'refresh' | 'consent' | 'write' | 'read' | 'search' | 'account' | 'developer';

export interface ResponseCounts {
  succeeded: number;
  failed: number;
  /** Longest time of a response in milliseconds. */
  slowest: number;
}

export interface FailoverLoad {
  /** Waits until each client has succeeded a number of times from now on. */
  untilAllSucceed(times: number): Promise<void>;
  /** Waits until each surface has answered 503. */
  untilAllUnavailable(): Promise<void>;
  /** Responses to each client so far. */
  counts(): Readonly<Record<LoadClient, ResponseCounts>>;
  /** Time of the latest 503, as `performance.now()`. */
  lastUnavailable(): number;
  /** Patient whose record is read. */
  readonly patientId: string;
  /** Responses that are neither a success nor a 503 in the format of their surface. */
  readonly wrong: readonly string[];
  stop(): Promise<Acknowledged>;
}

/** Milliseconds after which a client tries again. Real clients wait for `Retry-After`; these measure the outage. */
const RETRY_AFTER = 100;
/** Milliseconds between two requests of a client. */
const BETWEEN = 10;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly sent: number;
  readonly acknowledged: number;
}

const isInFormat: Readonly<Record<Surface, (body: string) => boolean>> = {
  oauth: (body) => JSON.parse(body).error === 'temporarily_unavailable',
  fhir: (body) =>
    JSON.parse(body).resourceType === 'OperationOutcome' && JSON.parse(body).issue[0].code === 'transient',
  api: (body) => JSON.parse(body).code === 'unavailable',
  pages: (body) => body.startsWith('<!doctype html>'),
};

/** Starts clients of all surfaces, which write and read until they are stopped. */
export async function startFailoverLoad(options: FailoverLoadOptions): Promise<FailoverLoad> {
  const { origin, client, feedToken, chains, developer } = options;
  const wrong: string[] = [];
  const audited: string[] = [];
  const resources: string[] = [];
  const journal: JournalEntry[] = [];
  const consents: Tokens[] = [];
  const latest = [...chains];
  const unavailable = new Set<Surface>();
  let lastUnavailable = 0;
  let stopping = false;

  const note = ({ sent, acknowledged }: Reply, kind: JournalEntry['kind'], value: string): void =>
    void journal.push({ kind, value, sent, acknowledged });

  /** Checks a reply. @returns whether it is a success */
  function succeeded(surface: Surface, reply: Reply, kind?: string): boolean {
    const { status, headers, body } = reply;
    if (status === 200 || status === 303) {
      if (kind !== undefined) {
        const value = `${headers.get('x-request-id')} ${kind}`;
        audited.push(value);
        note(reply, 'audit', value);
      }
      return true;
    }
    if (status === 503 && isInFormat[surface](body) && Number(headers.get('retry-after')) > 0) {
      unavailable.add(surface);
      lastUnavailable = performance.now();
    } else {
      wrong.push(`${surface}: ${status} ${body.slice(0, 300)}`);
    }
    return false;
  }

  async function send(path: string, init: RequestInit = {}): Promise<Reply> {
    const sent = Date.now();
    const response = await fetch(`${origin}${path}`, init);
    const acknowledged = Date.now();
    return { status: response.status, headers: response.headers, body: await response.text(), sent, acknowledged };
  }

  const timed = async (get: () => Promise<Omit<Reply, 'sent' | 'acknowledged'>>): Promise<Reply> => {
    const sent = Date.now();
    const page = await get();
    return { ...page, sent, acknowledged: Date.now() };
  };

  const requestTokens = async (fields: Fields): Promise<Tokens | undefined> => {
    const { client_id = '', client_secret = '' } = client;
    const body = new URLSearchParams({ ...fields, client_id, client_secret }).toString();
    const reply = await send(TOKEN_PATH, { method: 'POST', headers: FORM, body });
    if (!succeeded('oauth', reply, 'token')) return undefined;
    const tokens: Tokens = JSON.parse(reply.body);
    note(reply, 'token', tokens.access_token);
    return tokens;
  };

  async function refresh(chain: number): Promise<boolean> {
    const { refresh_token = '' } = latest[chain] ?? {};
    const tokens = await requestTokens({ grant_type: 'refresh_token', refresh_token });
    if (tokens !== undefined) latest[chain] = tokens;
    return tokens !== undefined;
  }

  const patient = browserAt(origin);
  const decision = await openConsent(patient, client);
  async function consent(): Promise<boolean> {
    let location = '';
    const done = await timed(async () => {
      const page = await patient(DECISION, decision);
      ({ location } = page);
      return page;
    });
    if (!succeeded('pages', done, 'consent')) return false;
    const code = new URL(location).searchParams.get('code') ?? '';
    const { redirect_uri = '' } = client;
    const tokens = await requestTokens({ grant_type: 'authorization_code', code, redirect_uri });
    if (tokens !== undefined) consents.push(tokens);
    return tokens !== undefined;
  }

  let written = 0;
  async function write(): Promise<boolean> {
    const headers = { authorization: `Bearer ${feedToken}`, 'content-type': 'application/fhir+json' };
    const reply = await send(R4, { method: 'POST', headers, body: createBundle(written) });
    if (!succeeded('fhir', reply, 'write')) return false;
    written += 1;
    for (const { response } of JSON.parse(reply.body).entry) {
      const [resource] = /(Patient|Observation)\/[^/]+/.exec(response.location) ?? [];
      resources.push(`${R4}/${resource}`);
      // Each Bundle has the same patient.
      if (resource?.startsWith('Observation') === true) note(reply, 'resource', `${R4}/${resource}`);
    }
    return true;
  }

  const read = async (path: string, kind: string): Promise<boolean> => {
    const { access_token = '' } = latest[0] ?? {};
    return succeeded('fhir', await send(path, { headers: { authorization: `Bearer ${access_token}` } }), kind);
  };
  const record = latest[0]?.patient ?? '';

  const account = browserAt(origin);
  const overview = (await account((await signInOverHttp(account, '/sign-in?return_to=/account', PATIENT)).location))
    .location;
  const developing = browserAt(origin);
  await signInOverHttp(developing, '/sign-in?return_to=/developer', developer);

  const turns: readonly { readonly client: LoadClient; act(): Promise<boolean> }[] = [
    ...chains.map((_, chain) => ({ client: 'refresh' as const, act: () => refresh(chain) })),
    { client: 'consent', act: consent },
    { client: 'write', act: write },
    { client: 'read', act: () => read(`${R4}/Patient/${record}`, 'read') },
    { client: 'search', act: () => read(`${R4}/Observation?category=laboratory&_count=10`, 'search') },
    { client: 'account', act: async () => succeeded('pages', await timed(() => account(overview))) },
    { client: 'developer', act: async () => succeeded('api', await timed(() => developing('/api/developer/apps'))) },
  ];
  const successes = turns.map(() => 0);
  const counts = Object.fromEntries(turns.map(({ client }) => [client, { succeeded: 0, failed: 0, slowest: 0 }]));
  const acting = turns.map(async ({ client, act }, index) => {
    const count = counts[client];
    while (!stopping) {
      const began = performance.now();
      const success = await act().catch((error) => void wrong.push(String(error)));
      if (success) successes[index] = (successes[index] ?? 0) + 1;
      if (count !== undefined) {
        count[success ? 'succeeded' : 'failed'] += 1;
        count.slowest = Math.max(count.slowest, Math.round(performance.now() - began));
      }
      await pause(success ? BETWEEN : RETRY_AFTER);
    }
  });
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition() && wrong.length < MAX_WRONG) await pause(BETWEEN);
  };

  return {
    patientId: record,
    wrong,
    async untilAllSucceed(times) {
      const before = [...successes];
      await until(() => successes.every((count, index) => count >= (before[index] ?? 0) + times));
    },
    counts: () => structuredClone(counts) as Record<LoadClient, ResponseCounts>,
    untilAllUnavailable: () => until(() => unavailable.size === Object.keys(isInFormat).length),
    lastUnavailable: () => lastUnavailable,
    async stop() {
      stopping = true;
      await Promise.all(acting);
      return {
        accessTokens: [...latest, ...consents].map(({ access_token }) => access_token),
        resources,
        audited,
        journal,
      };
    },
  };
}

/** Number of wrong responses after which the load stops. */
const MAX_WRONG = 50;
const PATIENT = { username: 'patientapitest', password: 'Password1!' };

/** A patient, and two results that no other Bundle has. A Bundle can be sent again. */
function createBundle(number: number): string {
  const patient = {
    resourceType: 'Patient',
    id: 'feed-patient',
    identifier: [{ system: 'urn:example:mrn', value: 'feed-patient' }],
    name: [{ family: 'Example', given: ['Ada'] }],
    birthDate: '1980-05-17',
  };
  const results = ['a', 'b'].map((letter) => ({
    resourceType: 'Observation',
    id: `result-${number}-${letter}`,
    status: 'final',
    code: { text: 'Glucose' },
    subject: { reference: 'Patient/feed-patient' },
    effectiveDateTime: '2026-05-17T09:30:00Z',
    valueQuantity: { value: 70 + (number % 60), unit: 'mg/dL' },
  }));
  const entry = [patient, ...results].map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }));
  return JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });
}
