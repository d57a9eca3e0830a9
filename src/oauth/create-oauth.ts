import type { TokenVerifier } from '../access/index.ts';
import type { BackendAccess } from '../domain/index.ts';
import { type BackgroundWork, HOURLY } from '../jobs/index.ts';
import { type ClientId, days, hours, type PracticeId } from '../kernel/index.ts';
import { findLaunchPractice } from './authorize/launch-practice.ts';
import { deleteExpiredPushedRequests } from './authorize/pushed-request-store.ts';
import { createClientAuthenticationDeps } from './clients/client-authentication.ts';
import { deleteExpiredOneTimeIds } from './clients/one-time-ids.ts';
import { displayAppName } from './consent/app-description.ts';
import type { OAuthModuleDeps } from './deps.ts';
import { createKeyring, type SigningKeyring } from './keys/keyring.ts';
import { deleteReplacedSigningKeys, ensureSigningKeys } from './keys/signing-key-store.ts';
import { deleteExpiredLaunches } from './launch/launch-store.ts';
import { createOAuthRoutes, type OAuthRoutePorts, type OAuthRoutes } from './routes.ts';
import { findCurrentBackendGrant } from './token/backend-grant.ts';
import { DPOP_ALGS } from './token/dpop.ts';
import { createTokenCache } from './token/token-cache.ts';
import { deleteExpiredTokens } from './token/token-families.ts';
import { createTokenVerifier } from './token/token-verifier.ts';
import { createUnauthenticatedFailures } from './token/unauthenticated-failures.ts';

export interface OAuthModule extends BackgroundWork {
  readonly keyring: SigningKeyring;
  readonly tokens: TokenVerifier;
  /** Signature algorithms that DPoP proofs can use. */
  readonly dpopAlgs: readonly string[];
  /** Finds the current grant of a backend app, for work that takes longer than its access token is valid. */
  readonly backendGrants: { currentGrant(access: BackendAccess): ReturnType<typeof findCurrentBackendGrant> };
  /** Returns the name of a registered app as people see it. Undefined if the app is unknown. */
  findAppName(clientId: ClientId): Promise<string | undefined>;
  /**
   * Finds the practice from whose EHR an authorization request was launched.
   * @param address URL of the authorization request
   */
  findLaunchPractice(address: URL): Promise<PracticeId | undefined>;
  /** Drops the cached access tokens of a family, so that their next use is checked in the database. */
  forgetFamily(familyId: string): void;
  /** Writes to the audit log how many failed requests this process has counted but not recorded one by one. */
  flush(): Promise<void>;
  createRoutes(ports: OAuthRoutePorts): OAuthRoutes;
  close(): Promise<void>;
}

/** Creates the authorization server. If the database has no signing keys yet, creates them too. */
export async function createOAuth(deps: OAuthModuleDeps): Promise<OAuthModule> {
  const { db, clock, audit, encryption, config, addresses, types, apps } = deps;
  const { provisionalApps, trustedJwksHosts, sensitiveLabels } = config;
  await ensureSigningKeys(db, clock, encryption);
  const keyring = createKeyring({ db, clock, encryption });
  const clientAuth = createClientAuthenticationDeps({ db, clock, clients: apps, provisionalApps, trustedJwksHosts });
  const liveTokens = createTokenCache({ db, clock, types, sensitive: sensitiveLabels });
  const tokens = createTokenVerifier({ db, clock, liveTokens, provisionalApps, origin: addresses.origin });
  const unprovedFailures = createUnauthenticatedFailures({ clock, audit });
  return {
    keyring,
    tokens,
    dpopAlgs: DPOP_ALGS,
    backendGrants: { currentGrant: (access) => findCurrentBackendGrant({ db, types, provisionalApps }, access) },
    async findAppName(clientId) {
      const app = await apps.find(clientId);
      return app === undefined ? undefined : displayAppName(app);
    },
    findLaunchPractice: ({ searchParams }) => findLaunchPractice({ db, clock }, searchParams),
    forgetFamily: liveTokens.forgetFamily,
    flush: () => unprovedFailures.flush(),
    close: () => unprovedFailures.flush('ending'),
    createRoutes: (ports) =>
      createOAuthRoutes({ ...deps, keyring, tokens, clientAuth, liveTokens, unprovedFailures }, ports),
    tasks: [
      { name: 'purge-tokens', cron: HOURLY, keptFor: hours(24), run: (before) => deleteExpiredTokens(db, before) },
      {
        name: 'purge-signing-keys',
        cron: HOURLY,
        keptFor: days(30),
        run: (before) => deleteReplacedSigningKeys(db, before),
      },
      { name: 'purge-one-time-ids', cron: HOURLY, run: (before) => deleteExpiredOneTimeIds(db, before) },
      { name: 'purge-launches', cron: HOURLY, keptFor: hours(24), run: (before) => deleteExpiredLaunches(db, before) },
      { name: 'purge-pushed-requests', cron: HOURLY, run: (before) => deleteExpiredPushedRequests(db, before) },
    ],
  };
}
