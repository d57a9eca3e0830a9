import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A span as a collector receives it. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number;
  readonly statusMessage: string;
  /** Attributes of the process that made the span. */
  readonly resource: Readonly<Record<string, string | number>>;
}

export interface TraceReceiver {
  /** Value of OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  /** Everything that was received: headers and bodies. */
  readonly raw: Buffer[];
  readonly spans: ReceivedSpan[];
  /** Path and headers of each export. */
  readonly requests: { readonly path: string; readonly headers: Readonly<Record<string, unknown>> }[];
  /** Answers with this status from now on. */
  respondWith(status: number): void;
  close(): Promise<void>;
}

/** Starts a collector of traces: a receiver of OTLP/HTTP with protobuf. */
export async function startTraceReceiver(): Promise<TraceReceiver> {
  const raw: Buffer[] = [];
  const spans: ReceivedSpan[] = [];
  const requests: { path: string; headers: Readonly<Record<string, unknown>> }[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    raw.push(Buffer.from(JSON.stringify(request.headers)), body);
    requests.push({ path: request.url ?? '', headers: request.headers });
    if (status === 200) spans.push(...readExport(body));
    response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    raw,
    spans,
    requests,
    respondWith(given) {
      status = given;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Fields of a protobuf message by number: integers, and the bytes of texts, messages and fixed-size numbers. */
type Message = ReadonlyMap<number, readonly (Buffer | number)[]>;

/** https://protobuf.dev/programming-guides/encoding/ */
function readMessage(bytes: Buffer): Message {
  const fields = new Map<number, (Buffer | number)[]>();
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const read = (length: number): Buffer => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = readVarint();
    const type = key & 7;
    const value = type === 0 ? readVarint() : read(type === 1 ? 8 : type === 5 ? 4 : readVarint());
    const number = Math.floor(key / 8);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

const messages = (message: Message, field: number): readonly Message[] =>
  (message.get(field) ?? []).map((bytes) => readMessage(bytes as Buffer));
const bytesOf = (message: Message | undefined, field: number): Buffer =>
  (message?.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0);
const textOf = (message: Message | undefined, field: number): string => bytesOf(message, field).toString('utf8');
const numberOf = (message: Message | undefined, field: number): number => Number(message?.get(field)?.[0] ?? 0);

/** Reads an ExportTraceServiceRequest: https://github.com/open-telemetry/opentelemetry-proto */
function readExport(body: Buffer): readonly ReceivedSpan[] {
  return messages(readMessage(body), 1).flatMap((resourceSpans) => {
    const [resource] = messages(resourceSpans, 1);
    const own = resource === undefined ? {} : readAttributes(resource, 1);
    return messages(resourceSpans, 2).flatMap((scope) => messages(scope, 2).map((span) => readSpan(span, own)));
  });
}

function readSpan(span: Message, resource: ReceivedSpan['resource']): ReceivedSpan {
  const [status] = messages(span, 15);
  return {
    traceId: bytesOf(span, 1).toString('hex'),
    spanId: bytesOf(span, 2).toString('hex'),
    parentId: bytesOf(span, 4).toString('hex'),
    name: textOf(span, 5),
    kind: numberOf(span, 6),
    attributes: readAttributes(span, 9),
    status: numberOf(status, 3),
    statusMessage: textOf(status, 2),
    resource,
  };
}

function readAttributes(message: Message, field: number): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    messages(message, field).map((pair) => {
      const [value] = messages(pair, 2);
      return [textOf(pair, 1), value?.has(1) === true ? textOf(value, 1) : numberOf(value, 3)];
    }),
  );
}
