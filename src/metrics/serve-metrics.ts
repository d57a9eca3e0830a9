import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { OperatorError, sha256 } from '../kernel/index.ts';

const PATH = '/metrics';
const PLAIN_TEXT = 'text/plain; charset=utf-8';

/** Headers of the metrics on a port of their own, for someone who opens them in a browser. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
};

export interface MetricsText {
  readonly contentType: string;
  text(): Promise<string>;
}

/** Whether a request may read the metrics. Without a token everyone may: the port is the operator's own then. */
function isAllowed(authorization: string | undefined, token: string | undefined): boolean {
  if (token === undefined) return true;
  const given = /^bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(sha256(given), sha256(token));
}

/** Adds the route of the metrics to the server's own port, where a token protects it. */
export function addMetricsRoute(app: FastifyInstance, metrics: MetricsText, token: string): void {
  app.get(PATH, { logLevel: 'warn' }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (isAllowed(request.headers.authorization, token))
      return reply.type(metrics.contentType).send(await metrics.text());
    return reply.code(401).header('www-authenticate', 'Bearer realm="metrics"').type(PLAIN_TEXT).send('unauthorized\n');
  });
}

/** Serves the metrics, and nothing else, on a port of their own. @returns a function that stops it */
export async function listenForMetrics(
  { host, port, token }: { readonly host: string; readonly port: number; readonly token: string | undefined },
  metrics: MetricsText,
): Promise<() => void> {
  const server = createMetricsServer(metrics, token);
  server.listen({ port, host }).unref();
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new OperatorError(
      `The metrics can't listen on ${host}:${port} (${error.code}). Choose another METRICS_PORT.`,
    );
  });
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

function createMetricsServer(metrics: MetricsText, token: string | undefined): Server {
  return createServer((request, response) => {
    const respond = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type, ...HEADERS });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || request.url?.split('?')[0] !== PATH) respond(404, PLAIN_TEXT, 'not found\n');
    else if (!isAllowed(request.headers.authorization, token)) respond(401, PLAIN_TEXT, 'unauthorized\n');
    else
      metrics.text().then(
        (text) => respond(200, metrics.contentType, text),
        () => respond(500, PLAIN_TEXT, 'error\n'),
      );
  });
}
