import type { AuditLog } from '../audit/index.ts';
import type { SpaceDatabase } from '../database/index.ts';
import { type AccountId, type Clock, constantTimeEqual, later, Problem, ttlCache } from '../kernel/index.ts';
import { listPublishedPractices } from '../practices/index.ts';
import { type BrandsPublisher, buildBundle, incompletePractices, primaryIdentifier } from './build-bundle.ts';
import type { BrandsBundle } from './bundle-types.ts';
import { type BrandFinding, checkBundle, preventsPublishing } from './check.ts';
import { BRAND_RULES } from './rules.ts';
import { deleteOldMadeUpVersions, insertBrandsVersion, latestPublished, type PublishedBrandsVersion } from './store.ts';
import { type BrandChange, changesBetween, hashWithoutTimes, withTimestamps } from './timestamps.ts';

export interface BrandsDeps extends BrandsPublisher {
  /** Contains the published brands and the real practices, or the made-up ones of one visitor of the sandbox. */
  readonly db: SpaceDatabase;
  readonly clock: Clock;
  readonly audit: Pick<AuditLog, 'appendInTransaction'>;
  /** Number of made-up versions to keep, because anyone can publish these. undefined for real brands. */
  readonly keptMadeUpVersions?: number;
}

/** The published bundle of practice brands, and the draft that the current settings of the practices produce. */
export interface BrandsState {
  readonly published: PublishedBrandsVersion | undefined;
  readonly draft: BrandsBundle;
  readonly findings: readonly BrandFinding[];
  /** Differences between the published bundle and the draft. Empty if there are none. */
  readonly changes: readonly BrandChange[];
}

export interface BrandsPublishActor {
  readonly accountId: AccountId;
  readonly requestId: string | undefined;
}

export interface BrandsService {
  /** Returns the published bundle; undefined if none was published yet. The bundle is cached for a second. */
  latest(): Promise<PublishedBrandsVersion | undefined>;
  /**
   * Returns the metadata of the brands for smart-configuration (SMART App Launch 2.2, Brands).
   * Returns undefined until a bundle is published.
   */
  advertised(): Promise<BrandsMetadata | undefined>;
  readState(): Promise<BrandsState>;
  /**
   * Publishes the draft of the bundle. Throws a `conflict` that lists all violated rules if any of
   * them prevents publishing.
   * @returns the published version
   */
  publish(actor: BrandsPublishActor): Promise<number>;
  /**
   * Publishes the draft if it differs from the published bundle and no violated rule prevents
   * publishing. Otherwise the published bundle stays.
   */
  publishIfChanged(): Promise<void>;
}

export interface BrandsMetadata {
  readonly user_access_brand_bundle: string;
  readonly user_access_brand_identifier: { readonly system: string; readonly value: string };
}

export const BUNDLE_PATH = '/brands.json';
/** Path that serves the bundle of BUNDLE_PATH under the name that the regulation uses, 45 CFR 170.404(b)(2). */
export const SERVICE_BASE_URLS_PATH = '/service-base-urls.json';
/** Path that serves the bundle with the endpoints of FHIR R4 only, because the regulation is about R4. */
export const R4_PATH = '/service-base-urls-r4.json';

/** Creates the service that builds, checks and publishes the practice brands. */
export function createBrandsService(deps: BrandsDeps): BrandsService {
  const { db, clock, audit, publicUrl, keptMadeUpVersions } = deps;
  const primary = primaryIdentifier(deps);
  const production = publicUrl.startsWith('https:');
  const known = ttlCache(clock, () => latestPublished(db));
  const latest = () => known.get('latest');

  async function readState(): Promise<BrandsState> {
    const published = await latestPublished(db);
    const practices = await listPublishedPractices(db);
    const made = buildBundle(practices, deps);
    const draft = withTimestamps(made, published?.bundle, nextTimestamp(published));
    const isSame = published !== undefined && constantTimeEqual(hashWithoutTimes(draft), published.hash);
    return {
      published,
      draft,
      findings: checkBundle(BRAND_RULES, draft, { production, primary, leftOut: incompletePractices(practices) }),
      changes: isSame ? [] : changesBetween(published?.bundle, draft),
    };
  }

  /**
   * Returns the Bundle.timestamp of the next version. It is always later than that of the version
   * before, even if the clock was set back, because apps compare the timestamps.
   */
  const nextTimestamp = (published: PublishedBrandsVersion | undefined): Date => {
    const now = clock.now();
    return published === undefined || now > published.publishedAt ? now : later(published.publishedAt, 1);
  };

  /**
   * Stores the draft as the next version.
   * @returns the number of the version; undefined if another process has published that version
   * first
   */
  async function savePublished(
    { draft, published, changes }: BrandsState,
    actor: BrandsPublishActor | undefined,
  ): Promise<number | undefined> {
    const version = (published?.version ?? 0) + 1;
    const made = {
      version,
      publishedAt: new Date(draft.timestamp ?? 0),
      by: actor?.accountId,
      content: JSON.stringify(draft),
      hash: hashWithoutTimes(draft),
      changes,
    };
    const isSaved = await db.transaction(async (tx) => {
      if (!(await insertBrandsVersion(tx, made))) return false;
      if (keptMadeUpVersions !== undefined) await deleteOldMadeUpVersions(tx, version - keptMadeUpVersions);
      await audit.appendInTransaction(tx, {
        kind: 'brands',
        outcome: 'success',
        requestId: actor?.requestId,
        accountId: actor?.accountId,
        detail: { action: 'publish', version, changes: changes.length },
      });
      return true;
    });
    known.invalidate(() => true);
    return isSaved ? version : undefined;
  }

  /**
   * Publishes the draft. Tries again if another process publishes after this process has read the
   * published bundle and before it stores the draft.
   */
  async function publishNow(actor: BrandsPublishActor | undefined): Promise<number | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const now = await readState();
      const errors = now.findings.filter(preventsPublishing);
      if (errors.length > 0) {
        if (actor === undefined) return undefined;
        throw faultsProblem(errors);
      }
      if (now.published !== undefined && isUnchanged(now)) return now.published.version;
      const version = await savePublished(now, actor);
      if (version !== undefined) return version;
    }
    throw new Problem('unavailable', {
      status: 503,
      message: 'Another publication is in progress. Try again.',
      retryAfter: 1,
    });
  }

  return {
    latest,
    readState,
    async advertised() {
      if ((await latest()) === undefined) return undefined;
      return { user_access_brand_bundle: `${publicUrl}${BUNDLE_PATH}`, user_access_brand_identifier: primary };
    },
    publish: async (actor) => (await publishNow(actor)) ?? 0,
    publishIfChanged: async () => void (await publishNow(undefined)),
  };
}

const ATTEMPTS = 10;

/**
 * Returns whether the draft equals the published bundle except for its times. Resources in a
 * different order count as a difference.
 */
const isUnchanged = ({ published, draft }: BrandsState): boolean =>
  published !== undefined && constantTimeEqual(hashWithoutTimes(draft), published.hash);

function faultsProblem(errors: readonly BrandFinding[]): Problem {
  const named = errors.map(({ check, name, about }) => `${check} (${name === '' ? about : name})`);
  return new Problem('conflict', {
    status: 409,
    message: `Nothing was published. The last published version stays in use. Fix these errors first: ${named.join('; ')}.`,
    fieldErrors: errors.map(({ about, check, clause }) => ({ field: about, message: `${check}: ${clause}` })),
  });
}
