import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A host of a database that a test can stop. */
export interface Host {
  readonly port: number;
  /** Ends all connections, and accepts no new ones until `start`. */
  stop(): Promise<void>;
  /** Leaves all connections open, and forwards nothing more, like a machine without power. Accepts no new ones. */
  freeze(): void;
  start(): Promise<void>;
}

/** Returns where the PostgreSQL of a URL accepts TCP. The embedded one does so besides its Unix socket. */
export function tcpAddress(url: string): { readonly hostname: string; readonly port: string } {
  const { hostname, port } = new URL(url);
  return { hostname: decodeURIComponent(hostname).startsWith('/') ? '127.0.0.1' : hostname, port };
}

/**
 * Forwards connections to a PostgreSQL.
 * @param url where the PostgreSQL is
 * @param change changes the startup message of each connection. Its length has to stay the same
 */
export async function startHost(url: string, change = (startup: string): string => startup): Promise<Host> {
  const sockets = new Set<Socket>();
  const { hostname, port: target } = tcpAddress(url);
  const accept = (socket: Socket) => {
    const upstream = connect(Number(target), hostname);
    for (const one of [socket, upstream]) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        socket.destroy();
        upstream.destroy();
        sockets.delete(one);
      });
    }
    socket.once('data', (startup) => {
      upstream.write(Buffer.from(change(startup.toString('latin1')), 'latin1'));
      socket.pipe(upstream);
    });
    upstream.pipe(socket);
  };
  const listen = async (port: number): Promise<Server> => {
    const listening = createServer(accept).listen(port, '127.0.0.1');
    await once(listening, 'listening');
    return listening;
  };
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
    freeze() {
      for (const socket of sockets) socket.pause().unpipe();
      server.close();
    },
    async start() {
      server = await listen(port);
    },
  };
}
