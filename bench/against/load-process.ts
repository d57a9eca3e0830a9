// Sends the requests of a round in a process of its own, on a core of its own. The bench starts it and sends it jobs.
import { type HttpConnection, openConnection } from './http-connection.ts';

export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Requests that are sent in turn, again and again until the round ends. */
interface RequestList {
  readonly kind: 'list';
  readonly requests: readonly LoadRequest[];
}

/** Refreshes. Each connection has a chain, in which a request uses the refresh token of the previous response. */
export interface RefreshChains {
  readonly kind: 'refresh';
  readonly path: string;
  /** Encoded fields of each request, except the refresh token. */
  readonly fields: string;
  readonly tokens: readonly string[];
}

export type LoadSource = RequestList | RefreshChains;

export interface LoadJob {
  readonly port: number;
  readonly connections: number;
  /** The end of the round: a number of requests, or a time in seconds after which no request is sent. */
  readonly until: { readonly requests: number } | { readonly seconds: number };
  readonly source: LoadSource;
}

export interface LoadResult {
  readonly requests: number;
  /** Number of responses with each status. 0 is for connections that failed. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Number of responses that aren't 2xx, and of connections that failed. */
  readonly failed: number;
  /** Status of the first failed response, or 0 if the connection failed. */
  readonly failure: number | undefined;
  readonly seconds: number;
  /** Bytes of all responses. */
  readonly bytes: number;
  /** Response times in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Refresh token at the end of each chain. */
  readonly tokens: readonly string[];
}

/** More response times of a round aren't recorded. */
const MAX_RECORDED = 1 << 20;
const times = new Float64Array(MAX_RECORDED);

process.on('message', (job: LoadJob) => {
  void runJob(job).then((result) => process.send?.(result));
});

function runJob({ port, connections, until, source }: LoadJob): Promise<LoadResult> {
  const { promise, resolve } = Promise.withResolvers<LoadResult>();
  const max = 'requests' in until ? until.requests : Number.POSITIVE_INFINITY;
  const sender = source.kind === 'list' ? listSender(source) : refreshSender(source);
  const open: HttpConnection[] = [];
  let [sent, requests, failed, running] = [0, 0, 0, 0];
  let failure: number | undefined;
  const statuses: Record<number, number> = {};
  const begun = performance.now();
  const end = 'seconds' in until ? begun + until.seconds * 1000 : Number.POSITIVE_INFINITY;

  const finish = () => {
    const seconds = (performance.now() - begun) / 1000;
    const bytes = open.reduce((sum, connection) => sum + connection.received(), 0);
    for (const connection of open) connection.close();
    const sorted = times.subarray(0, Math.min(requests, MAX_RECORDED)).sort();
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    const [p50, p99, tokens] = [at(0.5), at(0.99), sender.tokens()];
    resolve({ requests, statuses, failed, failure, seconds, bytes, p50, p99, tokens });
  };
  const addConnection = (number: number) => {
    let since = 0;
    const connection = openConnection(port, sender.needsBodies, (status, body) => {
      const now = performance.now();
      if (requests < MAX_RECORDED) times[requests] = now - since;
      requests += 1;
      running -= 1;
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status >= 200 && status < 300) {
        sender.answered(number, body);
      } else {
        failed += 1;
        failure ??= status;
      }
      if (sent < max && now < end) send();
      else if (running === 0) finish();
    });
    const send = () => {
      sent += 1;
      running += 1;
      const request = sender.next(number);
      since = performance.now();
      connection.send(request);
    };
    open.push(connection);
    return send;
  };
  const starts = Array.from({ length: connections }, (_, number) => addConnection(number));
  for (const start of starts) if (sent < max) start();
  return promise;
}

/** Makes the requests of a round. */
interface Sender {
  readonly needsBodies: boolean;
  next(connection: number): Buffer;
  answered(connection: number, body: string): void;
  tokens(): readonly string[];
}

function listSender({ requests }: RequestList): Sender {
  const encoded = requests.map(encode);
  let next = 0;
  return {
    needsBodies: false,
    next() {
      const request = encoded[next % encoded.length];
      if (request === undefined) throw new Error('no requests');
      next += 1;
      return request;
    },
    answered() {},
    tokens: () => [],
  };
}

function refreshSender({ path, fields, tokens }: RefreshChains): Sender {
  const current = [...tokens];
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return {
    needsBodies: true,
    next: (connection) =>
      encode({ method: 'POST', path, headers, body: `${fields}&refresh_token=${current[connection]}` }),
    answered(connection, body) {
      current[connection] = JSON.parse(body).refresh_token;
    },
    tokens: () => current,
  };
}

function encode({ method, path, headers, body }: LoadRequest): Buffer {
  const length = body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`];
  const lines = [`${method} ${path} HTTP/1.1`, 'host: localhost'];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return Buffer.from(`${[...lines, ...length].join('\r\n')}\r\n\r\n${body ?? ''}`);
}
