import type { Executor } from '../database/index.ts';
import type { App, AppCredentials, AppReviewStatus, ClientMetadata, SelfRegistrationMode } from '../domain/index.ts';
import { type ClientId, constantTimeEqual, randomSecret, sha256 } from '../kernel/index.ts';
import { findApp, lockApp } from './app.ts';
import { appendAppEvent } from './app-events.ts';
import { changeAppState } from './change-app-state.ts';
import { type RegistryDeps, withDefaultTerms } from './register.ts';
import { wasApproved } from './review/lock-version.ts';
import { updateSecretForAuthMethod } from './secrets.ts';
import type { AppIssue } from './terms/app-issue.ts';
import { checkSelfRegisteredName } from './terms/check-name.ts';
import { type AppFieldIssue, checkAppTerms } from './terms/check-terms.ts';
import { checkNameImitation } from './terms/name-imitation.ts';
import { approveSelfRegistered } from './versions/approve-automatically.ts';
import { registerUnownedApp } from './versions/register-unowned-app.ts';
import { readReviewStatus } from './versions/review-status.ts';
import { submitVersion, withdrawVersion } from './versions/submit-version.ts';

/**
 * Creates the service with which apps register and manage themselves (RFC 7591, RFC 7592). It
 * implements the port `ClientRegistrar` of the authorization server.
 */
export function createSelfRegistration(deps: RegistryDeps & { readonly brandName: string }) {
  /** Approves the pending version of an app if DYNAMIC_REGISTRATION is `open`. `tx` must hold the app's lock. */
  const approveIfOpen = async (tx: Executor, clientId: ClientId, mode: SelfRegistrationMode): Promise<void> => {
    if (mode === 'open') await approveSelfRegistered(tx, deps, await lockApp(tx, deps.clock, clientId));
  };
  const withFixedTerms = (wanted: ClientMetadata) => ({ ...wanted, kind: 'patient', apis: ['r4', 'dstu2'] }) as const;
  return {
    check: (wanted: ClientMetadata): readonly AppFieldIssue[] => [
      ...checkAppTerms(
        withDefaultTerms({ ...withFixedTerms(wanted), state: 'provisional' }),
        deps.trustedJwksHosts ?? [],
      ),
      ...checkSelfRegisteredName(wanted.name).map(atName),
    ],
    /**
     * Returns errors if a name looks like the name of the operator, of a practice or of this
     * product. Call it only for a new name: a practice with a similar name may have been added
     * after the app was registered.
     */
    checkName: async (tx: Executor, name: string): Promise<readonly AppFieldIssue[]> =>
      (await checkNameImitation(tx, deps.brandName, name)).map(atName),

    async register(
      tx: Executor,
      wanted: ClientMetadata,
      mode: SelfRegistrationMode,
    ): Promise<AppCredentials & { readonly registrationToken: string }> {
      const registrationToken = randomSecret(deps.random);
      const registrationHash = sha256(registrationToken);
      const { version: _, ...made } = await registerUnownedApp(
        tx,
        deps,
        { ...withFixedTerms(wanted), registrationHash },
        'developer',
      );
      await approveIfOpen(tx, made.clientId, mode);
      return { ...made, registrationToken };
    },

    /**
     * Returns the app that a registration access token belongs to, and locks it, because its state
     * determines what it may do. Returns undefined if the token is wrong or the app is retired.
     */
    async find(tx: Executor, clientId: string, registrationToken: string): Promise<App | undefined> {
      const known = (await findApp(tx, deps.clock, clientId))?.registrationHash;
      if (known === undefined || !constantTimeEqual(known, sha256(registrationToken))) return undefined;
      const app = await lockApp(tx, deps.clock, clientId);
      return app.state === 'retired' ? undefined : app;
    },

    /**
     * Replaces the metadata of an app (RFC 7592 §2.2). On an approved app, changes that patients
     * would notice wait for a review, as they do for developers. The app loses its verification if
     * it changes its name or adds a redirect URI, because these were not verified.
     */
    async replace(
      tx: Executor,
      clientId: ClientId,
      wanted: ClientMetadata,
      mode: SelfRegistrationMode,
    ): Promise<AppCredentials> {
      const app = await lockApp(tx, deps.clock, clientId);
      // Operators let an app introspect tokens of other apps because the app authenticates. An app
      // that becomes a public client therefore loses this permission.
      const mayIntrospect = app.mayIntrospect && wanted.auth !== 'none';
      // DPoP binding promises that the app's tokens are useless without its key, so an app may turn
      // DPoP binding on but not off.
      const dpopBound = app.dpopBound || wanted.dpopBound;
      const waits = wasApproved(app) && mode === 'sandbox';
      const verifiedAt = waits || isVerifiedIdentity(app, wanted) ? app.verifiedAt : null;
      const terms = { ...app, ...wanted, mayIntrospect, dpopBound, verifiedAt };
      await submitVersion(tx, { ...deps, toolRedirects: [] }, app, { wanted: terms, by: undefined });
      await approveIfOpen(tx, clientId, mode);
      const clientSecret = await updateSecretForAuthMethod(tx, deps, app, wanted.auth);
      return clientSecret === undefined ? { clientId } : { clientId, clientSecret };
    },

    reviewStatus: (tx: Executor, clientId: ClientId): Promise<AppReviewStatus> =>
      readReviewStatus(tx, deps.clock, clientId),

    async retire(tx: Executor, clientId: ClientId): Promise<void> {
      const app = await lockApp(tx, deps.clock, clientId);
      if (app.state === 'retired') return;
      await withdrawVersion(tx, deps, clientId, undefined);
      await changeAppState(tx, deps.clock, clientId, 'retired');
      await appendAppEvent(tx, deps, { clientId, kind: 'retired', bySide: 'developer' });
    },
  };
}

const atName = (issue: AppIssue): AppFieldIssue => ({ about: 'metadata', field: 'name', ...issue });

/** Returns whether the app keeps the identity that an operator verified: the same name, and no new redirect URI. */
const isVerifiedIdentity = (app: App, wanted: ClientMetadata): boolean =>
  app.name === wanted.name && wanted.redirectUris.every((uri) => app.redirectUris.includes(uri));
