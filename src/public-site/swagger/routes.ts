import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config/index.ts';
import { type Html, sendHtml } from '../../kernel/index.ts';
import { openApiPaths, type PublishedSandbox, swaggerCallback, swaggerFolder } from '../../portal-api/index.ts';
import type { FindPublicContext, PublicPageContext } from '../../web-pages/index.ts';
import { swaggerFiles } from './files.ts';
import { redirectPage, type SwaggerPageInput, swaggerPage } from './page.ts';

export interface SwaggerDeps {
  readonly findContext: FindPublicContext;
  readonly config: Pick<Config, 'prefix' | 'provisionalApps' | 'publicUrl'>;
  readonly sandbox: PublishedSandbox | undefined;
}

/** Scopes that Swagger UI's authorization dialog selects at first. */
const DEFAULT_SCOPES = ['openid', 'fhirUser', 'launch/patient', 'online_access', 'patient/*.rs'];

/**
 * Serves Swagger UI at the path that NextGen Healthcare, an EHR vendor, uses for its own. A
 * drop-down list offers R4 and DSTU2. The FHIR APIs are served below the same prefix, at longer
 * paths that don't conflict with this one.
 */
export function swaggerRoutes(app: FastifyInstance, deps: SwaggerDeps): void {
  const { publicUrl, prefix } = deps.config;
  const folder = swaggerFolder(deps.config);
  const index = `${folder}/index.html`;
  const files = `${folder}/swagger-ui`;
  const { host } = new URL(publicUrl);
  const page = toPageInput(deps, index, files);
  const redirect = redirectPage(files);
  const fileOf = swaggerFiles();

  app.get(index, async (request, reply) => {
    // 127.0.0.1 and localhost are the same server but two origins. The redirect URI is at the
    // origin of PUBLIC_URL, so the page has to be at that origin too. Other origins redirect to it.
    if (request.host !== host) return reply.redirect(`${publicUrl}${index}${rawQuery(request)}`, 302);
    return sendPage(reply, swaggerPage(await englishContext(deps, request), page));
  });
  app.get(folder, async (request, reply) => reply.redirect(`${index}${rawQuery(request)}`, 302));
  for (const path of [`${prefix}/fhir-api-r4`, `${prefix}/fhir-api-r4/index.html`]) {
    app.get(path, async (_request, reply) => reply.redirect(`${index}?urls.primaryName=R4`, 302));
  }
  app.get(`${folder}/oauth2-redirect.html`, async (_request, reply) =>
    sendPage(reply.header('cache-control', 'no-store'), redirect),
  );
  app.get<{ Params: { name: string } }>(`${files}/:name`, async (request, reply) => {
    const file = fileOf(request.params.name);
    if (file === undefined) return reply.callNotFound();
    const gzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    if (gzip) reply.header('content-encoding', 'gzip');
    return reply
      .type(file.contentType)
      .header('vary', 'accept-encoding')
      .header('cache-control', 'public, max-age=3600')
      .send(gzip ? file.gzipped : file.body);
  });
}

function toPageInput(deps: SwaggerDeps, path: string, files: string): SwaggerPageInput {
  const { config, sandbox } = deps;
  const paths = openApiPaths(config);
  const missing = missingClientReason(deps);
  const [first] = sandbox?.testAccounts ?? [];
  return {
    path,
    files,
    documents: [
      { name: 'DSTU2', url: paths.dstu2 },
      { name: 'R4', url: paths.r4 },
    ],
    redirectUrl: swaggerCallback(config),
    client: missing === undefined && sandbox !== undefined ? toClient(sandbox.explorer) : undefined,
    missing,
    hint:
      first === undefined || sandbox === undefined
        ? undefined
        : { username: first.username, password: sandbox.testPassword },
  };
}

function toClient({ clientId, scope }: PublishedSandbox['explorer']) {
  const known = scope.split(' ');
  return { clientId, scopes: DEFAULT_SCOPES.filter((one) => known.includes(one)) };
}

function missingClientReason({ sandbox, config }: SwaggerDeps): string | undefined {
  if (sandbox === undefined) return 'This server has no sandbox. To authorize, use the client_id of your own app.';
  if (config.provisionalApps === 'sandbox') return undefined;
  return 'This server accepts only approved apps, and the app of this page isn’t approved. To authorize, use the client_id of your own approved app.';
}

/** Swagger UI is in English, so the page is too. */
const englishContext = async ({ findContext }: SwaggerDeps, request: FastifyRequest): Promise<PublicPageContext> => ({
  ...(await findContext(request)),
  language: 'en',
  currentPath: undefined,
});

const rawQuery = ({ raw: { url = '' } }: FastifyRequest): string =>
  url.includes('?') ? url.slice(url.indexOf('?')) : '';

const sendPage = (reply: FastifyReply, page: Html): FastifyReply =>
  sendHtml(reply.header('content-security-policy', POLICY), page);

/**
 * Content-Security-Policy of Swagger UI. Its style sheet contains images, and its logo has one
 * style element, which is allowed by hash.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
