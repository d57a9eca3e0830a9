import { freePort } from './processes.ts';
import { startServer, type TestServer } from './server.ts';

/** Starts a server with its own settings on a port. */
export async function startListening(settings: Record<string, string>): Promise<TestServer & { origin: string }> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const server = await startServer({ PORT: String(port), PUBLIC_URL: origin, ...settings });
  await server.app.listen({ port, host: '127.0.0.1' });
  return { ...server, origin };
}
