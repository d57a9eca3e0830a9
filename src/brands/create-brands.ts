import type { FastifyInstance } from 'fastify';
import type { AuditLog } from '../audit/index.ts';
import type { Config } from '../config/index.ts';
import type { Database, SpaceDatabase } from '../database/index.ts';
import { type BackgroundWork, repeatedJob, sendJob } from '../jobs/index.ts';
import type { Clock } from '../kernel/index.ts';
import type { OAuthAddresses } from '../oauth/index.ts';
import { MADE_UP_PUBLISHER, MADE_UP_VERSIONS } from './made-up.ts';
import { type BrandsService, createBrandsService } from './publish.ts';
import { brandsRoutes } from './routes.ts';

export interface BrandsModuleDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: Pick<AuditLog, 'appendInTransaction'>;
  readonly config: Pick<Config, 'publicUrl' | 'brandName'>;
  readonly addresses: Pick<OAuthAddresses, 'fhir'>;
}

export interface BrandsModule extends BrandsService, BackgroundWork {
  /** Adds the routes that serve the published bundle of practice brands and its resources. */
  addRoutes(scope: FastifyInstance): void;
  /** Returns the service for the made-up brands of a visitor of the sandbox. What it publishes is served to no app. */
  inMadeUpSpace: MadeUpBrands;
}

/**
 * Creates the service for the made-up brands of a visitor.
 * @param space database of the visitor's space, and the audit log and the clock for its changes
 */
export type MadeUpBrands = (space: {
  readonly db: SpaceDatabase;
  readonly clock: Clock;
  readonly audit: Pick<AuditLog, 'appendInTransaction'>;
}) => BrandsService;

/** Creates the module that publishes the practice brands. */
export function createBrands({ db, clock, audit, config, addresses }: BrandsModuleDeps): BrandsModule {
  const { publicUrl, brandName } = config;
  const service = createBrandsService({ db, clock, audit, publicUrl, brandName, addresses });
  return {
    ...service,
    inMadeUpSpace: (space) =>
      createBrandsService({ ...space, ...MADE_UP_PUBLISHER, keptMadeUpVersions: MADE_UP_VERSIONS }),
    addRoutes: (scope) => brandsRoutes(scope, { brands: service }),
    handlers: { 'publish-brands': repeatedJob(db, 'publish-brands', service.publishIfChanged) },
    queueMissingJobs: () => sendJob(db, 'publish-brands', 'brands'),
  };
}
