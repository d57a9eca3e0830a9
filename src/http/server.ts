import { once } from 'node:events';
import { Server } from 'node:net';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import formbody from '@fastify/formbody';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { type Config, usesHttps } from '../config/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import { EMBEDDABLE, Problem, type Random } from '../kernel/index.ts';
import { type Asset, assetVersion, pageAssets } from '../web-pages/index.ts';
import { apiNotFound, renderApiError } from './api-errors.ts';
import { COMPRESSION } from './compression.ts';
import { addHealthRoutes, isHealthPath } from './health.ts';
import { LargeTextResponse } from './large-text-response.ts';
import { logResponses } from './log.ts';
import { createLogOutput } from './log-output.ts';
import { createMalformedRequestHandler } from './malformed-requests.ts';
import { mountWithMethodCheck } from './method-not-allowed.ts';
import { oauthNotFound, renderOAuthError } from './oauth-errors.ts';
import { type PageErrors, pageErrors } from './page-errors.ts';
import { namePlugins } from './plugin-names.ts';
import { createRequestIds } from './request-id.ts';
import { createRequestLog } from './request-log.ts';
import { type RequestTracer, traceRequests } from './request-spans.ts';
import { securityHeaders } from './security-headers.ts';
import type { SentResponse } from './sent-response.ts';
import { createRouteNames, type SurfacePath } from './surfaces.ts';
import { createTrustedProxies } from './trusted-proxies.ts';

/** A function that adds routes to a Fastify instance. */
export type AddRoutes = (app: FastifyInstance) => void;

/** A function that sends an error in a certain format, such as HTML, RFC 6749 JSON or OperationOutcome. */
export type RenderError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** A file whose content is generated on the first request. */
type LazyAsset = Omit<Asset, 'body'> & { body(): Buffer };

/**
 * The routes of all modules by surface: authorization server, FHIR APIs, JSON API, pages, assets.
 * Each surface has a child instance of Fastify with its own headers, content types and error
 * format. The routes in one list share an instance and are added in the order of the list.
 */
export interface Surfaces {
  /** Paths of the authorization server. The first is the path of the issuer; the others are alternative spellings. */
  readonly oauthPaths: readonly string[];
  /** Routes of the authorization server's pages, such as the consent page. */
  readonly oauthPages: readonly AddRoutes[];
  /** Routes of the authorization server's endpoints that apps call, such as the token endpoint. */
  readonly oauthEndpoints: readonly AddRoutes[];
  /**
   * Routes of the documents at the root of the server that apps read: OAuth discovery documents and
   * the practice brands.
   */
  readonly rootDocuments: readonly AddRoutes[];
  /** The FHIR APIs with their paths. Each API has its own error format. */
  readonly fhir: readonly { readonly path: string; readonly routes: AddRoutes; readonly renderError: RenderError }[];
  /** Routes of all other pages: sign-in, portals, documentation, demo app. */
  readonly pages: readonly AddRoutes[];
  /** Adds the JSON API of the portals under `/api`. The session cookie authenticates its callers. */
  readonly api: (app: FastifyInstance) => void | Promise<void>;
  readonly assets: readonly (Asset | LazyAsset)[];
  /** Whether this process can serve requests, apart from being asked to stop. `/readyz` answers with it. */
  readonly isReady: () => Promise<boolean>;
}

export interface ServerOptions {
  readonly random: Random;
  readonly pageContexts: PageContexts;
  readonly config: Pick<Config, 'publicUrl' | 'trustProxy' | 'logLevel'>;
  /** Destination of the server's log. Default: standard output. */
  readonly logTo?: { write(line: string): void } | undefined;
  /** Number of this worker, which each line of the log has; undefined if there is one process. */
  readonly worker?: number | undefined;
  /** Paths of the surfaces that metrics and traces tell apart. */
  readonly surfaces: readonly SurfacePath[];
  /** Called for each response, except those to monitors, for metrics. */
  readonly observe?: ((response: SentResponse) => void) | undefined;
  /** Makes a span of each request; undefined if there are no traces. */
  readonly tracer?: RequestTracer | undefined;
}

/** The HTTP server. Modules can use its log and its `request` before their routes are added. */
export interface HttpServer {
  readonly app: FastifyInstance;
  readonly log: FastifyBaseLogger;
  /** Handles a GET request inside this process, without the network, and returns its HTTP status. */
  request(path: string): Promise<number>;
  /** Whether the server has begun to close. Long work, such as an export, should then stop. */
  isClosing(): boolean;
  /**
   * Announces that the server will stop: `/readyz` answers 503. All other requests are answered as before.
   */
  beginDrain(): void;
  /**
   * Stops accepting connections, and ends each open one after its next response. Requests are answered as before, so a
   * proxy loses none that it sends on an open connection, and can send the others to another server.
   * @returns a promise that resolves when no connection is open
   */
  endConnections(): Promise<void>;
  /** Adds all surfaces. Call it once, before the server listens. */
  mount(surfaces: Surfaces): Promise<void>;
}

const API = '/api';
/** Milliseconds between checks for idle connections while the server closes. */
const IDLE_CHECK = 100;
const LATE = new Problem('unavailable', {
  status: 503,
  message: 'This server is about to stop. Try again shortly.',
  retryAfter: 1,
});
/** RFC 9112 §3.2 requires the header in HTTP/1.1. */
const WITHOUT_HOST = new Problem('bad-request', { status: 400, message: 'The request has no Host header.' });

/** Creates the Fastify server without routes. It doesn't listen yet. */
export function createServer(options: ServerOptions): HttpServer {
  const { random, pageContexts, config, logTo, worker, surfaces, observe, tracer } = options;
  const { trustProxy, logLevel } = config;
  const safe = securityHeaders(usesHttps(config));
  const pages = pageErrors(pageContexts);
  /**
   * Returns the function that sends errors for a URL. `mount` replaces the initial value, before
   * any request arrives.
   */
  let renderErrorOf = (_url: string): RenderError => pages.render;
  let draining = false;
  let endsConnections = false;
  let closing = false;
  const proxies = createTrustedProxies(trustProxy);
  const app = Fastify({
    genReqId: createRequestIds(random, proxies),
    trustProxy: proxies.option,
    logController: new LogController({ disableRequestLogging: true }),
    logger: {
      level: logLevel,
      base: worker === undefined ? null : { worker },
      stream: logTo ?? createLogOutput(),
    },
    childLoggerFactory: createRequestLog,
    bodyLimit: 256 * 1024,
    // Ignores upper and lower case, a trailing slash and repeated slashes in paths: some clients
    // write `…/fhir/R4/patient/`, or join a base URL with a trailing slash to a path with a leading
    // one.
    routerOptions: {
      caseSensitive: false,
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: 300,
    },
    // The hook below rejects requests that arrive while the server closes, in the format of their surface.
    return503OnClosing: false,
    // Node itself would reject a request without `Host`, without any of our headers. The hook below does it.
    http: { requireHostHeader: false, ServerResponse: LargeTextResponse },
    clientErrorHandler: createMalformedRequestHandler({
      headers: safe,
      random,
      observe,
      log: (): FastifyBaseLogger => app.log,
    }),
    // Fastify handles malformed requests (an invalid escape, a path that is too long) before any
    // hook runs, so no hook sets the headers of these responses. They are set here.
    frameworkErrors(error, request, reply) {
      reply.headers(safe).header('x-request-id', request.id).header('access-control-allow-origin', '*');
      return renderErrorOf(request.url)(error, request as FastifyRequest, reply as FastifyReply);
    },
  });
  // Without this, Node itself responds 417 to an expectation that it doesn't know. RFC 9110 §10.1.1 lets a server ignore it.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  namePlugins(app);
  if (tracer !== undefined) traceRequests(app, tracer, proxies);
  logResponses(app, createRouteNames(surfaces), observe);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(safe).header('x-request-id', request.id);
    if (endsConnections) reply.header('connection', 'close');
    if (closing && !isHealthPath(request.routeOptions.url)) reject(LATE, request, reply);
    else if (request.raw.headers.host === undefined && request.raw.httpVersion === '1.1')
      reject(WITHOUT_HOST, request, reply.header('connection', 'close'));
    else done();
  });
  const reject = (problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    renderErrorOf(request.url)(problem, request, reply.header('access-control-allow-origin', '*'));
  app.addHook('preClose', async () => {
    draining = true;
    endsConnections = true;
    closing = true;
    // A connection whose request had begun before stays open after the response. It is idle then.
    const timer = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK).unref();
    app.server.once('close', () => clearInterval(timer));
  });
  app.setErrorHandler(pages.render);
  return {
    app,
    log: app.log,
    request: async (url) => (await app.inject({ method: 'GET', url })).statusCode,
    isClosing: () => closing,
    beginDrain() {
      draining = true;
    },
    async endConnections() {
      endsConnections = true;
      const ended = once(app.server, 'close');
      // The method of the HTTP server would also end idle connections, on which a proxy may be about to send a request.
      Server.prototype.close.call(app.server);
      await ended;
    },
    mount(surfaces) {
      addHealthRoutes(app, async () => !draining && (await surfaces.isReady()));
      renderErrorOf = (url) => errorRendererFor(surfaces, pages, url);
      return mountSurfaces(app, pages, surfaces);
    },
  };
}

async function mountSurfaces(app: FastifyInstance, pages: PageErrors, surfaces: Surfaces): Promise<void> {
  app.setNotFoundHandler((request, reply) => notFound(surfaces, pages, request, reply));
  for (const path of surfaces.oauthPaths) await app.register(createOAuthScope(surfaces, pages), { prefix: path });
  for (const { path, routes } of surfaces.fhir) {
    await app.register(
      async (scope) => {
        await allowCrossOrigin(scope);
        routes(scope);
      },
      { prefix: path },
    );
  }
  await app.register(async (scope) => {
    await scope.register(cookie);
    await scope.register(formbody);
    await scope.register(compress, COMPRESSION);
    neverStore(scope);
    addAll(scope, surfaces.pages);
  });
  await app.register(createApiScope(surfaces), { prefix: API });
  await app.register(async (scope) => {
    await allowCrossOriginReads(scope);
    await scope.register(compress, COMPRESSION);
    addAll(scope, surfaces.rootDocuments);
    serveAssets(scope, [...pageAssets, ...surfaces.assets]);
  });
}

/** Keeps browsers and proxies from storing responses, unless a route says otherwise. */
function neverStore(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
}

function addAll(scope: FastifyInstance, routes: readonly AddRoutes[]): void {
  for (const addRoutes of routes) addRoutes(scope);
}

/**
 * Makes the responses of a Fastify instance, such as that of a FHIR API, readable from any origin
 * (CORS) and compresses them.
 */
export async function allowCrossOrigin(scope: FastifyInstance): Promise<void> {
  await shareWithAnyOrigin(scope, CORS_OPTIONS);
  await scope.register(compress, COMPRESSION);
}

/**
 * Adds the CORS headers to the responses of a Fastify instance, and responds to preflight requests. These are the only
 * requests that need the CORS plugin: the headers of all other responses are the same for each request.
 */
async function shareWithAnyOrigin(scope: FastifyInstance, options: typeof CORS_OPTIONS): Promise<void> {
  const headers = {
    'access-control-allow-origin': options.origin,
    'access-control-expose-headers': options.exposedHeaders.join(', '),
    ...EMBEDDABLE,
  };
  scope.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
  await scope.register(async (preflight) => {
    await preflight.register(cors, options);
  });
}

function errorRendererFor(surfaces: Surfaces, pages: PageErrors, url: string): RenderError {
  const below = (path: string): boolean => url.toLowerCase().startsWith(`${path.toLowerCase()}/`);
  const fhir = surfaces.fhir.find(({ path }) => below(path));
  if (fhir !== undefined) return fhir.renderError;
  if (below(API)) return renderApiError;
  return surfaces.oauthPaths.some(below) ? renderOAuthError : pages.render;
}

/**
 * Responds to requests that match no route. Chooses the error format by the path and not by the
 * surface's Fastify instance: Fastify ignores upper and lower case in routes but not in the prefix
 * of an instance, so it finds no instance for an unknown path below `/API`.
 */
function notFound(surfaces: Surfaces, pages: PageErrors, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const render = errorRendererFor(surfaces, pages, request.url.replaceAll(/\/{2,}/g, '/'));
  if (render === pages.render) return pages.notFound(request, reply);
  const message = 'Unknown address. Check the spelling.';
  reply.header('access-control-allow-origin', '*');
  return render(new Problem('not-found', { status: 404, message }), request, reply);
}

/**
 * Makes the GET routes of a Fastify instance readable from any origin. The instance serves the root
 * of the server, which also has pages, so only routes that apps read respond to CORS preflight
 * requests.
 */
async function allowCrossOriginReads(scope: FastifyInstance): Promise<void> {
  await scope.register(cors, { ...CORS_OPTIONS, hideOptionsRoute: true, preflight: false });
  scope.addHook('onRequest', async (_request, reply) => void reply.headers(EMBEDDABLE));
  scope.addHook('onRoute', ({ method, routePath }) => {
    if (method !== 'GET') return;
    scope.options(routePath, { config: { cors: { preflight: true } } }, (_request, reply) => reply.callNotFound());
  });
}

/**
 * Creates the Fastify plugin of the authorization server. Its pages and JSON endpoints share a
 * path, but have different error formats and therefore separate child instances of Fastify.
 */
function createOAuthScope(surfaces: Surfaces, pages: PageErrors) {
  return async (scope: FastifyInstance): Promise<void> => {
    await scope.register(formbody);
    scope.setErrorHandler(renderOAuthError);
    scope.setNotFoundHandler(oauthNotFound);
    await scope.register(async (pageScope) => {
      await pageScope.register(cookie);
      neverStore(pageScope);
      pageScope.setErrorHandler(pages.render);
      addAll(pageScope, surfaces.oauthPages);
    });
    await scope.register(async (json) => {
      // PUT and DELETE are for apps that registered themselves: they update and delete their
      // registration (RFC 7592).
      await shareWithAnyOrigin(json, { ...CORS_OPTIONS, methods: [...CORS_OPTIONS.methods, 'PUT', 'DELETE'] });
      await mountWithMethodCheck(json, (scope) => addAll(scope, surfaces.oauthEndpoints));
    });
  };
}

/**
 * Creates the Fastify plugin of the JSON API. Other origins can't read its responses, because the
 * session cookie authenticates its callers and only this server's own pages use it.
 */
function createApiScope(surfaces: Surfaces) {
  return async (scope: FastifyInstance): Promise<void> => {
    await scope.register(cookie);
    await scope.register(compress, COMPRESSION);
    scope.removeContentTypeParser('text/plain');
    scope.setErrorHandler(renderApiError);
    scope.setNotFoundHandler(apiNotFound);
    neverStore(scope);
    await surfaces.api(scope);
  };
}

/**
 * CORS options for routes that browser apps call. These apps run on another origin and send no
 * cookie: they authenticate with a bearer token or a client secret.
 */
const CORS_OPTIONS = {
  origin: '*',
  methods: ['GET', 'HEAD', 'POST'],
  allowedHeaders: [
    ...['authorization', 'dpop', 'accept', 'content-type', 'prefer'],
    ...['if-none-match', 'if-modified-since', 'range', 'if-range'],
  ],
  exposedHeaders: [
    ...['x-request-id', 'etag', 'last-modified', 'www-authenticate', 'retry-after', 'content-disposition'],
    ...['accept-ranges', 'content-range', 'deprecation', 'sunset', 'link', 'ratelimit', 'ratelimit-policy'],
  ],
  maxAge: 86_400,
  // An OPTIONS request without the headers of a CORS preflight request is treated as an ordinary
  // request.
  strictPreflight: false,
};

/**
 * Serves stylesheets, scripts and images. Apps load them from other origins, so the responses carry CORS headers. If the
 * query parameter `v` is the hash of the content, the response may be cached for a year, otherwise for five minutes:
 * while a new version is rolled out, a process with the old content gets requests for the new one too.
 */
function serveAssets(app: FastifyInstance, assets: Surfaces['assets']): void {
  for (const { path, contentType, body } of assets) {
    const version = typeof body === 'function' ? undefined : assetVersion(body);
    app.get<{ Querystring: { v?: unknown } }>(path, async (request, reply) => {
      const isCurrent = version !== undefined && request.query.v === version;
      const cacheControl = isCurrent ? 'public, max-age=31536000, immutable' : 'public, max-age=300';
      reply.type(contentType).headers({ 'cache-control': cacheControl, vary: 'accept-encoding' });
      reply.compress(typeof body === 'function' ? body() : body);
      return reply;
    });
  }
}
