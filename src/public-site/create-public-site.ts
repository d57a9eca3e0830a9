import type { FastifyInstance } from 'fastify';
import type { BrandsService } from '../brands/index.ts';
import { type Config, hasDemoApp } from '../config/index.ts';
import { inMadeUpSpace } from '../database/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { IdentityModule } from '../identity/index.ts';
import type { OAuthAddresses, ServedTypes } from '../oauth/index.ts';
import type { AddPortalRoutes, PortalContext, PublishedSandbox } from '../portal-api/index.ts';
import type { FindPublicContext } from '../web-pages/index.ts';
import { createDocs } from './docs/routes.ts';
import { exampleGalleryApi, exampleGalleryRoutes, galleryApi, galleryRoutes } from './gallery/routes.ts';
import { brandsPageRoutes } from './practices/brands-page-routes.ts';
import { statusApi, statusRoutes } from './status/routes.ts';
import type { StatusMonitor } from './status/status.ts';
import { openApiDocuments } from './swagger/documents.ts';
import { swaggerRoutes } from './swagger/routes.ts';
import { webRoutes } from './web/web-app-routes.ts';

export interface PublicSiteDeps {
  readonly context: PortalContext;
  readonly config: Pick<Config, 'publicUrl' | 'prefix' | 'brandName' | 'sandbox' | 'provisionalApps'>;
  readonly pageContexts: PageContexts;
  readonly findContext: FindPublicContext;
  readonly identity: Pick<IdentityModule, 'signedIn'>;
  readonly addresses: OAuthAddresses;
  readonly types: ServedTypes;
  readonly brands: BrandsService;
  readonly status: StatusMonitor;
  readonly sandbox: PublishedSandbox | undefined;
}

export interface PublicSiteModule {
  /** Adds the JSON routes of the app gallery, the status page and the search of the documentation. */
  addRoutes: AddPortalRoutes;
  /** Adds the documentation pages under `/docs`. */
  addDocs(scope: FastifyInstance): void;
  addSwagger(scope: FastifyInstance): void;
  /** Adds the pages of the app gallery, the practices and the status, and the files of the React app. */
  addPages(scope: FastifyInstance): void;
  /** The OpenAPI documents of both FHIR APIs. */
  readonly assets: ReturnType<typeof openApiDocuments>;
}

/** Creates the public pages, which need no account, and the routes of the React app. */
export function createPublicSite(deps: PublicSiteDeps): PublicSiteModule {
  const {
    context,
    config,
    pageContexts: framing,
    findContext,
    identity,
    addresses,
    types,
    brands,
    status,
    sandbox,
  } = deps;
  const { db, clock, random } = context;
  const gallery = { db, clock, framing, types, issuer: addresses.issuer, signedIn: identity.signedIn };
  const examples = sandbox === undefined ? undefined : { ...gallery, db: inMadeUpSpace(db, 'examples') };
  const docs = createDocs({ config, addresses, types, findContext });
  return {
    addRoutes(api) {
      galleryApi(api, gallery);
      if (examples !== undefined) exampleGalleryApi(api, examples);
      statusApi(api, { clock, status });
      docs.addSearch(api);
    },
    addDocs: (scope) => docs.addPages(scope),
    addSwagger: (scope) => swaggerRoutes(scope, { config, sandbox, findContext }),
    addPages(scope) {
      galleryRoutes(scope, { ...gallery, sandboxLinks: { examples: config.sandbox, demo: hasDemoApp(config) } });
      if (examples !== undefined) exampleGalleryRoutes(scope, examples);
      brandsPageRoutes(scope, { brands, findContext });
      statusRoutes(scope, { clock, framing, findContext, status });
      webRoutes(scope, { random, signedIn: identity.signedIn, framing });
    },
    assets: openApiDocuments({ addresses, prefix: config.prefix }),
  };
}
