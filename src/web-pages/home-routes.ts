import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import { sendHtml } from '../kernel/index.ts';
import type { OAuthAddresses } from '../oauth/index.ts';
import { homePage } from './home.ts';

export interface HomeRouteDeps {
  readonly config: Pick<Config, 'prefix' | 'sandbox' | 'provisionalApps'>;
  readonly addresses: OAuthAddresses;
  readonly pageContexts: PageContexts;
}

/** Registers `/`. */
export function homeRoutes(app: FastifyInstance, { config, addresses, pageContexts }: HomeRouteDeps): void {
  const page = {
    ...addresses.fhir,
    issuer: addresses.issuer,
    swagger: `${config.prefix}/fhir-api/index.html`,
    // The demo app is provisional like any new app, so it can't show any data where provisional apps are inactive. The
    // home page then leaves out its section about the sandbox.
    sandbox: config.sandbox && config.provisionalApps === 'sandbox',
  };
  app.get('/', async (request, reply) => sendHtml(reply, homePage(page, pageContexts.forOperator(request))));
}
