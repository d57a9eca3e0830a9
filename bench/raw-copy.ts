// Reference for exports: COPY of the same rows to the same process, and from there to where exports are stored.
import type { FastifyInstance } from 'fastify';
import pg from 'pg';

/** COPY of the content of every resource of every practice. */
const OUT = 'copy (select content from resource union all select content from shared_resource) to stdout';
const IN = 'copy bench_copied from stdin';
/** Number of bytes that are sent in one chunk. */
const SENT_TOGETHER = 256 * 1024;

export interface CopyResult {
  readonly rows: number;
  readonly bytes: number;
}

export function rawCopyRoutes(scope: FastifyInstance, databaseUrl: string): void {
  // The connections stay open, because the CPU time of an ended PostgreSQL process would not be counted.
  const [from, to] = [new pg.Client(databaseUrl), new pg.Client(databaseUrl)];
  scope.addHook('onReady', async () => {
    await Promise.all([from.connect(), to.connect()]);
    await to.query('create table if not exists bench_copied (content text not null)');
  });
  scope.addHook('onClose', async () => void (await Promise.all([from.end(), to.end()])));
  scope.post('/raw-copy/out', () => copyOut(from, () => {}));
  scope.post('/raw-copy/out-and-in', async () => {
    await to.query('truncate bench_copied');
    const into = startCopyIn(to);
    const copied = await copyOut(from, into.take);
    await into.end();
    return copied;
  });
}

/** The part of the driver's connection that is used here. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

interface CopyHooks {
  ready?(wire: CopyConnection): void;
  data?(chunk: Buffer): void;
}

/** Runs COPY, which the driver doesn't support by itself. */
function runCopyStatement(
  client: pg.Client,
  text: string,
  { ready = () => {}, data = () => {} }: CopyHooks,
): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query({
      submit: (wire: unknown) => (wire as CopyConnection).query(text),
      handleCopyInResponse: ready,
      handleCopyData: ({ chunk }: { readonly chunk: Buffer }) => data(chunk),
      handleCommandComplete() {},
      handleReadyForQuery: () => resolve(),
      handleError: reject,
    } as pg.Submittable);
  });
}

async function copyOut(client: pg.Client, take: (chunk: Buffer) => void): Promise<CopyResult> {
  let [rows, bytes] = [0, 0];
  const data = (chunk: Buffer): void => {
    rows += 1;
    bytes += chunk.length;
    take(chunk);
  };
  await runCopyStatement(client, OUT, { data });
  return { rows, bytes };
}

function startCopyIn(client: pg.Client) {
  const { promise: began, resolve } = Promise.withResolvers<CopyConnection>();
  const done = runCopyStatement(client, IN, { ready: resolve });
  let waiting: Buffer[] = [];
  let length = 0;
  let sent = began.then(() => {});
  const send = (): void => {
    const chunk = Buffer.concat(waiting);
    sent = began.then((wire) => wire.sendCopyFromChunk(chunk));
    waiting = [];
    length = 0;
  };
  return {
    take(chunk: Buffer): void {
      // The driver reuses the memory of a chunk for the next one, so it has to be copied.
      waiting.push(Buffer.from(chunk));
      length += chunk.length;
      if (length >= SENT_TOGETHER) send();
    },
    async end(): Promise<void> {
      send();
      await sent;
      (await began).endCopyFrom();
      await done;
    },
  };
}
