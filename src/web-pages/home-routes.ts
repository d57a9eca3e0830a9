import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Config, hasDemoApp } from '../config/index.ts';
import { type Html, sendHtml } from '../kernel/index.ts';
import type { OAuthAddresses } from '../oauth/index.ts';
import { homePage } from './home.ts';
import type { FindPublicContext } from './page-context.ts';

export interface HomeRouteDeps {
  readonly config: Pick<Config, 'prefix' | 'sandbox' | 'provisionalApps'>;
  readonly addresses: OAuthAddresses;
  readonly findContext: FindPublicContext;
  /** Returns the page that the installation shows instead of the home page; undefined if it shows the home page. */
  findStartPage(request: FastifyRequest, reply: FastifyReply): Promise<Html | undefined>;
}

/** Registers `/`. */
export function homeRoutes(
  app: FastifyInstance,
  { config, addresses, findContext, findStartPage }: HomeRouteDeps,
): void {
  const page = {
    ...addresses.fhir,
    issuer: addresses.issuer,
    swagger: `${config.prefix}/fhir-api/index.html`,
    hasSandbox: config.sandbox,
    hasDemo: hasDemoApp(config),
  };
  app.get('/', async (request, reply) => {
    const startPage = await findStartPage(request, reply);
    return sendHtml(reply, startPage ?? homePage(page, await findContext(request)));
  });
}
