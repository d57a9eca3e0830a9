import type { Trail } from '../../../audit/index.ts';
import type { Database } from '../../../database/index.ts';
import { type AccountId, type Clock, later, Problem, recent, sameBytes } from '../../../kernel/index.ts';
import { listPublished } from '../../../practices/index.ts';
import { buildBundle, leftOut, type Publisher, primaryIdentifier } from './build.ts';
import { type Finding, findingsOf, isFault } from './check.ts';
import { CHECKS } from './checks.ts';
import type { BrandsBundle } from './resources.ts';
import { type Change, changesBetween, hashOf, stamped } from './stamp.ts';
import { keepVersion, latestPublished, type Published } from './store.ts';

export interface BrandsDeps extends Publisher {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: Pick<Trail, 'recordWithin'>;
}

/** The published bundle and the draft that the current settings of the practices produce. */
export interface Standing {
  readonly published: Published | undefined;
  readonly draft: BrandsBundle;
  readonly findings: readonly Finding[];
  /** Changes that publishing would make. Empty if there are none. */
  readonly changes: readonly Change[];
}

export interface Who {
  readonly accountId: AccountId;
  readonly requestId: string;
}

export interface Brands {
  /** Returns the published bundle, cached for a second. */
  latest(): Promise<Published | undefined>;
  /** Metadata for smart-configuration (SMART App Launch 2.2, Brands), once a bundle is published. */
  advertised(): Promise<Advertised | undefined>;
  standing(): Promise<Standing>;
  /** Publishes the draft. Throws a `conflict` that lists every fault. @returns the published version */
  publish(actor: Who): Promise<number>;
  /** Publishes the draft if it has changed and has no faults. Otherwise the published bundle stays. */
  follow(): Promise<void>;
}

export interface Advertised {
  readonly user_access_brand_bundle: string;
  readonly user_access_brand_identifier: { readonly system: string; readonly value: string };
}

export const BUNDLE_PATH = '/brands.json';
/** 45 CFR 170.404(b)(2): the same bundle under the name that the regulation uses. */
export const SERVICE_BASE_URLS_PATH = '/service-base-urls.json';
/** The same bundle with endpoints of FHIR R4 only, which the regulation is about. */
export const R4_PATH = '/service-base-urls-r4.json';

/** Creates the publisher of the practice brands. */
export function openBrands(deps: BrandsDeps): Brands {
  const { db, clock, audit, publicUrl } = deps;
  const primary = primaryIdentifier(deps);
  const production = publicUrl.startsWith('https:');
  const known = recent(clock, () => latestPublished(db));
  const latest = () => known.find('latest');

  async function readState(): Promise<Standing> {
    const published = await latestPublished(db);
    const practices = await listPublished(db);
    const made = buildBundle(practices, deps);
    const draft = stamped(made, published?.bundle, nextTimestamp(published));
    const isSame = published !== undefined && sameBytes(hashOf(draft), published.hash);
    return {
      published,
      draft,
      findings: findingsOf(CHECKS, draft, { production, primary, leftOut: leftOut(practices) }),
      changes: isSame ? [] : changesBetween(published?.bundle, draft),
    };
  }

  /** Bundle.timestamp always increases, even if the clock is set back, because apps compare it. */
  const nextTimestamp = (published: Published | undefined): Date => {
    const now = clock.now();
    return published === undefined || now > published.publishedAt ? now : later(published.publishedAt, 1);
  };

  /** @returns the version; undefined if another process has published it first */
  async function savePublished(
    { draft, published, changes }: Standing,
    actor: Who | undefined,
  ): Promise<number | undefined> {
    const version = (published?.version ?? 0) + 1;
    const made = {
      version,
      publishedAt: new Date(draft.timestamp ?? 0),
      by: actor?.accountId,
      content: JSON.stringify(draft),
      hash: hashOf(draft),
      changes,
    };
    const isSaved = await db.transaction(async (tx) => {
      if (!(await keepVersion(tx, made))) return false;
      await audit.recordWithin(tx, {
        kind: 'brands',
        outcome: 'success',
        requestId: actor?.requestId,
        accountId: actor?.accountId,
        detail: { action: 'publish', version, changes: changes.length },
      });
      return true;
    });
    known.forget(() => true);
    return isSaved ? version : undefined;
  }

  /** Retries until no other process has published between reading and writing. */
  async function publishNow(actor: Who | undefined): Promise<number | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const now = await readState();
      const errors = now.findings.filter(isFault);
      if (errors.length > 0) {
        if (actor === undefined) return undefined;
        throw faulty(errors);
      }
      if (now.published !== undefined && isUnchanged(now)) return now.published.version;
      const version = await savePublished(now, actor);
      if (version !== undefined) return version;
    }
    throw new Problem('unavailable', {
      status: 503,
      message: 'Others publish at this moment. Try again.',
      retryAfter: 1,
    });
  }

  return {
    latest,
    standing: readState,
    async advertised() {
      if ((await latest()) === undefined) return undefined;
      return { user_access_brand_bundle: `${publicUrl}${BUNDLE_PATH}`, user_access_brand_identifier: primary };
    },
    publish: async (actor) => (await publishNow(actor)) ?? 0,
    follow: async () => void (await publishNow(undefined)),
  };
}

const ATTEMPTS = 10;

/** The hash includes the order of the resources, which is not a change of any of them. */
const isUnchanged = ({ published, draft }: Standing): boolean =>
  published !== undefined && sameBytes(hashOf(draft), published.hash);

function faulty(errors: readonly Finding[]): Problem {
  const named = errors.map(({ check, name, about }) => `${check} (${name === '' ? about : name})`);
  return new Problem('conflict', {
    status: 409,
    message: `Nothing was published, what was published before goes on. Mend this first: ${named.join('; ')}.`,
    faults: errors.map(({ about, check, clause }) => ({ field: about, message: `${check}: ${clause}` })),
  });
}
