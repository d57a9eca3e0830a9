import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorTrace, notFoundProblem, toProblem } from '../kernel/index.ts';
import { referenceTo } from './bundle-types.ts';
import type { BrandsService } from './publish.ts';
import { BUNDLE_PATH, R4_PATH, SERVICE_BASE_URLS_PATH } from './publish.ts';
import { r4Only } from './r4-only.ts';
import type { PublishedBrandsVersion } from './store.ts';

/**
 * Paths of the bundle. It serves both as the service base URLs of 45 CFR 170.404(b)(2) and as the
 * brands of SMART App Launch 2.2.
 */
const PATHS = [BUNDLE_PATH, SERVICE_BASE_URLS_PATH] as const;
const FHIR_JSON = 'application/fhir+json; charset=utf-8';
/**
 * Seconds for which apps may cache the bundle. The time is short, so that a practice that turns its
 * API off soon disappears from apps.
 */
const MAX_AGE = 300;

type BrandResourceRoute = { Params: { type: string; id: string } };

/**
 * Adds the routes with which apps fetch the practice brands. Their responses, including errors, are
 * readable from any origin (SMART App Launch 2.2, Brands, CORS). Needs the cors plugin.
 */
export function brandsRoutes(app: FastifyInstance, { brands }: { readonly brands: BrandsService }): void {
  app.register(async (scope) => {
    scope.setErrorHandler(renderOutcome);

    for (const path of PATHS) {
      scope.get(path, async (request, reply) => {
        const published = await requirePublished();
        return sendText(request, reply, published, published.content);
      });
    }

    scope.get(R4_PATH, async (request, reply) => {
      const published = await requirePublished();
      return sendText(request, reply, published, JSON.stringify(r4Only(published.bundle)));
    });

    scope.get<BrandResourceRoute>('/brands/:type/:id', async (request, reply) => {
      const published = await requirePublished();
      const reference = `${request.params.type}/${request.params.id}`;
      const found = published.bundle.entry.find(({ resource }) => referenceTo(resource) === reference);
      if (found === undefined) throw notFoundProblem('Unknown brand or endpoint.');
      return sendText(request, reply, published, JSON.stringify(found.resource));
    });
  });

  async function requirePublished(): Promise<PublishedBrandsVersion> {
    const published = await brands.latest();
    if (published === undefined)
      throw notFoundProblem('Nothing is published yet. The operator must name the practice first.');
    return published;
  }
}

/**
 * Sends the bundle, or 304 if the client already has it. The ETag is weak and compared weakly (RFC
 * 9110 §8.8.3 and §13.1.2).
 */
function sendText(
  request: FastifyRequest,
  reply: FastifyReply,
  { hash, publishedAt }: PublishedBrandsVersion,
  text: string,
): FastifyReply {
  const tag = `W/"${hash.toString('base64url', 0, 12)}"`;
  reply
    .header('etag', tag)
    .header('last-modified', publishedAt.toUTCString())
    .header('cache-control', `public, max-age=${MAX_AGE}`);
  if (matches(request.headers['if-none-match'], tag)) return reply.code(304).send();
  return reply.type(FHIR_JSON).send(text);
}

const matches = (given: string | undefined, tag: string): boolean =>
  given !== undefined &&
  (given.trim() === '*' || given.split(',').some((one) => one.trim().replace(/^W\//, '') === tag.replace(/^W\//, '')));

function renderOutcome(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error);
  if (problem.status >= 500) request.log.error({ problem: problem.code, trace: errorTrace(problem.cause) });
  const code = problem.status === 404 ? 'not-found' : 'exception';
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type(FHIR_JSON)
    .send({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code, diagnostics: `${problem.message} Request id: ${request.id}` }],
    });
}
