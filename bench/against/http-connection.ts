import { connect, type Socket } from 'node:net';

/** Response of a request: its status, or 0 if the connection failed. */
export type OnResponse = (status: number, body: string) => void;

/** A keep-alive connection that sends one request at a time. */
export interface HttpConnection {
  send(request: Buffer): void;
  /** Bytes that came so far. */
  received(): number;
  close(): void;
}

/**
 * Opens a connection to a server of this machine. Responses are only counted through, so that the load takes little CPU
 * time from what is measured.
 * @param keepBodies passes bodies on; otherwise `body` is empty
 */
export function openConnection(port: number, keepBodies: boolean, onResponse: OnResponse): HttpConnection {
  let socket: Socket | undefined;
  let waiting = false;
  let received = 0;
  const finish = (status: number, body: string) => {
    waiting = false;
    onResponse(status, body);
  };
  const open = (): Socket => {
    const reader = createResponseReader(keepBodies, finish);
    const opened = connect({ port, host: '127.0.0.1', noDelay: true });
    const lose = () => {
      if (socket !== opened) return;
      socket = undefined;
      opened.destroy();
      if (waiting) finish(0, '');
    };
    opened.on('data', (data: Buffer) => {
      received += data.length;
      reader(data);
    });
    opened.on('error', lose).on('close', lose);
    return opened;
  };
  return {
    send(request) {
      waiting = true;
      socket ??= open();
      socket.write(request);
    },
    received: () => received,
    close() {
      const closed = socket;
      socket = undefined;
      closed?.destroy();
    },
  };
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_FEED = 10;

/** Finds the end of each response: RFC 9112 §6. Responses to GET and POST with a length or in chunks. */
export function createResponseReader(keepBodies: boolean, onResponse: OnResponse): (data: Buffer) => void {
  let head: Buffer | undefined;
  let status = 0;
  let inHead = true;
  let chunked = false;
  /** Bytes of the body, or of the chunk, that are still to come. */
  let remaining = 0;
  /** Part of a line that came so far, in a chunked body. */
  let line = '';
  let lastChunk = false;
  let body: Buffer[] = [];

  const finish = () => {
    const text = keepBodies ? Buffer.concat(body).toString() : '';
    inHead = true;
    body = [];
    onResponse(status, text);
  };
  /** @returns the position after the head, or undefined if it is incomplete */
  const readHead = (data: Buffer): Buffer | undefined => {
    const all = head === undefined ? data : Buffer.concat([head, data]);
    const end = all.indexOf(HEAD_END);
    if (end === -1) {
      head = all;
      return undefined;
    }
    head = undefined;
    const text = all.toString('latin1', 0, end);
    status = Number(text.slice(9, 12));
    chunked = /\r\ntransfer-encoding: *chunked/i.test(text);
    remaining = chunked || status === 204 ? 0 : Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    line = '';
    lastChunk = false;
    inHead = false;
    return all.subarray(end + HEAD_END.length);
  };
  const skip = (data: Buffer, position: number): number => {
    const end = Math.min(data.length, position + remaining);
    if (keepBodies) body.push(data.subarray(position, end));
    remaining -= end - position;
    return end;
  };
  /** Reads a size line, or the empty line after a chunk or at the end. @returns the position after what was read */
  const readLine = (data: Buffer, position: number): number => {
    const end = data.indexOf(LINE_FEED, position);
    if (end === -1) {
      line += data.toString('latin1', position);
      return data.length;
    }
    const text = (line + data.toString('latin1', position, end)).trim();
    line = '';
    if (lastChunk) {
      if (text === '') finish();
    } else if (text !== '') {
      remaining = Number.parseInt(text, 16);
      lastChunk = remaining === 0;
    }
    return end + 1;
  };

  return (data) => {
    const rest = inHead ? readHead(data) : data;
    if (rest === undefined) return;
    let position = 0;
    if (!chunked) {
      skip(rest, position);
      if (remaining === 0) finish();
      return;
    }
    while (position < rest.length && !inHead)
      position = remaining > 0 ? skip(rest, position) : readLine(rest, position);
  };
}
