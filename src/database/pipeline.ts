import type { Duplex } from 'node:stream';
import type pg from 'pg';
import { sendCancel } from './cancel-request.ts';
import { canceled } from './cancelable-query.ts';
import { READ_ONLY } from './client.ts';
import { type QueryRunner, runOnClient } from './run-query.ts';

/** A connection on which statements don't wait for the results of earlier ones. */
export interface Pipeline extends QueryRunner {
  /** Closes the connection when its statements have ended. */
  end(): Promise<void>;
}

/** Limits in milliseconds. Each statement that ends starts the time again. */
export interface PipelineLimits {
  /** After this time with running statements, the first one is canceled, again and again. */
  readonly cancelAfter?: number | undefined;
  /**
   * Whether statements write. The results of all statements that ran during a cancel request then count as errors: the
   * request may have ended the wait for a synchronous standby, and PostgreSQL reports success all the same.
   */
  readonly writes?: boolean | undefined;
  /** After this time with running statements, the connection is closed, because the host counts as lost. */
  readonly loseAfter?: number | undefined;
  /** After this time without a statement, the connection is closed. */
  readonly closeAfter?: number | undefined;
}

/** Milliseconds between two cancel requests. */
const CANCEL_RETRY_AFTER = 1000;

/**
 * Opens a connection with its first statement, and again with the first one after it was lost or closed. Callers share it:
 * PostgreSQL runs their statements in order, each in a transaction of its own. The statements of one turn of the event
 * loop are sent together, because a message to another process costs as much as a short statement.
 * @param Client class of the connection, which chooses the host if there are several
 * @param limits limits of the time without a result. A limit for each statement would include the time of the statements
 * before it
 */
export function openPipeline(
  config: pg.ClientConfig,
  Client: typeof pg.Client,
  {
    cancelAfter = Number.POSITIVE_INFINITY,
    writes = false,
    loseAfter = Number.POSITIVE_INFINITY,
    closeAfter = Number.POSITIVE_INFINITY,
  }: PipelineLimits = {},
): Pipeline {
  let opening: Promise<pg.Client> | undefined;
  let open: pg.Client | undefined;
  /** Clients that are connected, including those that are being closed. */
  const clients = new Set<pg.Client>();
  /** Clients that are being closed: when each of them is closed. */
  const closing = new Set<Promise<void>>();
  let isEnded = false;
  let running = 0;
  /** Number of cancel requests so far. */
  let cancels = 0;
  /** When the latest statement ended, or the first of those that run was sent. */
  let heardAt = 0;
  let nextCheck: NodeJS.Timeout | undefined;
  let idleCheck: NodeJS.Timeout | undefined;
  let whenIdle: (() => void) | undefined;

  async function connect(): Promise<pg.Client> {
    const client = new Client(config);
    let isLost = false;
    const lose = (): void => {
      isLost = true;
      clients.delete(client);
      forget(client);
    };
    // Without an error listener, a lost connection would end the process. Its statements fail by themselves.
    client.on('error', lose);
    client.once('end', lose);
    await client.connect();
    if (isLost) throw new Error('Connection terminated unexpectedly');
    open = client;
    clients.add(client);
    heardAt = performance.now();
    closeWhenIdle(client, closeAfter);
    return client;
  }

  function connected(): Promise<pg.Client> {
    opening ??= connect().catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  function forget(client: pg.Client): void {
    if (open !== client) return;
    open = undefined;
    opening = undefined;
  }

  /**
   * Checks later whether a statement has ended meanwhile. One timer serves many statements, because setting a timer for
   * each would cost more than to read the clock.
   */
  function checkIn(milliseconds: number): void {
    if (nextCheck === undefined && Number.isFinite(milliseconds))
      nextCheck = setTimeout(checkSilence, milliseconds).unref();
  }

  function checkSilence(): void {
    nextCheck = undefined;
    if (running === 0) return;
    const silence = performance.now() - heardAt;
    if (silence >= loseAfter) for (const client of clients) streamOf(client).destroy();
    else if (silence >= cancelAfter && open !== undefined) {
      cancels += 1;
      void sendCancel(open);
    }
    const nextCancel = silence < cancelAfter ? cancelAfter - silence : CANCEL_RETRY_AFTER;
    checkIn(Math.max(1, Math.min(nextCancel, loseAfter - silence)));
  }

  /** Closes the connection once no statement has used it for `closeAfter`. The first check is after `milliseconds`. */
  function closeWhenIdle(client: pg.Client, milliseconds: number): void {
    clearTimeout(idleCheck);
    if (!Number.isFinite(milliseconds)) return;
    idleCheck = setTimeout(() => {
      const idle = running === 0 ? performance.now() - heardAt : 0;
      if (idle >= closeAfter) leave(client);
      else closeWhenIdle(client, closeAfter - idle);
    }, Math.ceil(milliseconds)).unref();
  }

  /** Stops using a connection, and closes it after its statements have ended. */
  function leave(client: pg.Client): void {
    if (open !== client) return;
    forget(client);
    const closed = client.end().finally(() => closing.delete(closed));
    closing.add(closed);
  }

  return {
    async query(query) {
      // The words of the driver's pool, for errors of a server that stops.
      if (isEnded) throw new Error('Cannot use a pool after calling end on the pool');
      if (running === 0) heardAt = performance.now();
      running += 1;
      const cancelsBefore = cancels;
      let client = open;
      try {
        client ??= await connected();
        sendTogether(client);
        checkIn(Math.min(cancelAfter, loseAfter));
        const result = await runOnClient(client, query);
        if (writes && cancels > cancelsBefore) throw canceled();
        return result;
      } catch (error) {
        // PostgreSQL closes the connection after this error, but the next statement may come first.
        if (client !== undefined && ENDS_CONNECTION.test(codeOf(error))) forget(client);
        // The host no longer accepts writes, so the next statement looks for one that does.
        if (client !== undefined && codeOf(error) === READ_ONLY) leave(client);
        throw error;
      } finally {
        running -= 1;
        heardAt = performance.now();
        if (running === 0) whenIdle?.();
      }
    },
    async end() {
      isEnded = true;
      if (running > 0) {
        await new Promise<void>((idle) => {
          whenIdle = idle;
        });
      }
      clearTimeout(nextCheck);
      clearTimeout(idleCheck);
      const client = await opening?.catch(() => undefined);
      await Promise.all([client?.end(), ...closing]);
    },
  };
}

/** SQLSTATE of errors that end a connection: it failed (08), or an operator or a crash ended it (57P). */
const ENDS_CONNECTION = /^(08|57P)/;
const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code);

/** Clients whose statements wait for the end of this turn of the event loop. */
const gathering = new WeakSet<pg.Client>();

function sendTogether(client: pg.Client): void {
  if (gathering.has(client)) return;
  const stream = streamOf(client);
  gathering.add(client);
  stream.cork();
  setImmediate(() => {
    gathering.delete(client);
    stream.uncork();
  });
}

const streamOf = (client: pg.Client): Duplex =>
  (client as unknown as { readonly connection: pg.Connection }).connection.stream;
