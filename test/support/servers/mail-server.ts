import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** An email as the server received it. */
export interface ReceivedEmail {
  readonly from: string;
  readonly to: readonly string[];
  /** Header fields by lowercase name, unfolded (RFC 5322 §2.2). */
  readonly headers: ReadonlyMap<string, string>;
  /** Decoded plain text: the first part of multipart/alternative (RFC 2046 §5.1.4), or the whole body. */
  readonly text: string;
  /** Decoded HTML: the last part of multipart/alternative. undefined if the email has one part. */
  readonly html: string | undefined;
  /** The whole message as it was sent. */
  readonly raw: string;
}

export interface MailServer {
  readonly url: string;
  readonly received: ReceivedEmail[];
  /**
   * Sets the reply to a command (`MAIL`, `RCPT`, `DATA`, or `.` for the end of the message). The reply is an SMTP reply
   * (RFC 5321 §4.2), `hang up`, or `drip`, which sends a line from time to time and never the last one. Undefined
   * accepts the command again.
   */
  setReply(command: string, reply: string | undefined): void;
  close(): Promise<void>;
}

/**
 * Starts a mail server that stores the emails it receives. It implements the part of SMTP (RFC 5321) that a client
 * needs.
 */
export async function startMailServer(): Promise<MailServer> {
  const received: ReceivedEmail[] = [];
  const replies = new Map<string, string>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    converse(socket, received, replies);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    setReply(command, reply) {
      if (reply === undefined) replies.delete(command);
      else replies.set(command, reply);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const REPLIES: Readonly<Record<string, string>> = { DATA: '354 go on', QUIT: '221 bye', EHLO: '250 tester' };

function converse(socket: Socket, received: ReceivedEmail[], replies: ReadonlyMap<string, string>): void {
  let buffer = '';
  let envelope = { from: '', to: [] as string[] };
  let data = false;
  const say = (command: string): void => {
    const reply = replies.get(command) ?? REPLIES[command] ?? '250 ok';
    if (reply === 'hang up') return void socket.destroy();
    if (reply === 'drip') {
      const dripping = setInterval(() => socket.write('354-wait\r\n'), 100);
      return void socket.on('close', () => clearInterval(dripping));
    }
    socket.write(`${reply}\r\n`);
    if (command === 'DATA') data = reply.startsWith('3');
  };
  socket.write('220 tester ESMTP\r\n');
  socket.on('data', (chunk) => {
    buffer += chunk.toString('utf8');
    for (;;) {
      const end = data ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
      if (end < 0) return;
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + (data ? 5 : 2));
      if (data) {
        data = false;
        if (!replies.has('.')) received.push(mailOf(envelope, line));
        envelope = { from: '', to: [] };
        say('.');
        continue;
      }
      const command = line.slice(0, 4).toUpperCase();
      const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
      if (command === 'MAIL') envelope = { from: address, to: [] };
      if (command === 'RCPT') envelope.to.push(address);
      say(command);
      if (command === 'QUIT') socket.end();
    }
  });
}

function mailOf({ from, to }: { from: string; to: string[] }, sent: string): ReceivedEmail {
  // The client doubles a dot at the start of a line (RFC 5321 §4.5.2).
  const raw = sent.replaceAll(/^\.\./gm, '.');
  const { headers, body } = parsePart(raw);
  const boundary = /^multipart\/alternative;.*boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1];
  if (boundary === undefined) return { from, to, headers, text: decoded(body, headers), html: undefined, raw };
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => parsePart(part.replace(/^\r\n/, '')));
  const find = (type: string): string | undefined => {
    const part = parts.find((one) => one.headers.get('content-type')?.startsWith(type));
    return part && decoded(part.body, part.headers);
  };
  return { from, to, headers, text: find('text/plain') ?? '', html: find('text/html'), raw };
}

/** Parses a message or a part of one: header fields by lowercase name, and the encoded body. */
function parsePart(raw: string): { readonly headers: ReadonlyMap<string, string>; readonly body: string } {
  const [head = '', ...body] = raw.split('\r\n\r\n');
  const fields = head
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const);
  return { headers: new Map(fields), body: body.join('\r\n\r\n') };
}

/** Decodes UTF-8 text by its transfer encoding: base64, or quoted-printable with soft line breaks (RFC 2045 §6.7). */
function decoded(text: string, headers: ReadonlyMap<string, string>): string {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return text;
  return Buffer.from(
    text
      .replaceAll(/=\r\n/g, '')
      .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
}
