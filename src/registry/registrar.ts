import type { Executor } from '../database/index.ts';
import { type ClientId, sameBytes, secretText, sha256 } from '../kernel/index.ts';
import { type App, type AppTerms, findApp, lockApp } from './app.ts';
import { recordAppEvent } from './events.ts';
import type { Fault } from './fault.ts';
import { type AppFault, faultsOf } from './faults.ts';
import { imitationFaults } from './imitation.ts';
import { ownNameFaults } from './name-faults.ts';
import { type Credentials, type RegistryDeps, termsOf } from './register.ts';
import { wasApproved } from './review/lock.ts';
import { secretAfter } from './secrets.ts';
import { changeAppState } from './state.ts';
import { approveSelfRegistered } from './versions/automatic.ts';
import { handIn, withdrawVersion } from './versions/hand-in.ts';
import { registerFirst } from './versions/register-first.ts';
import { type Standing, standingOf } from './versions/standing.ts';

/**
 * Terms that an app sends about itself. It becomes a patient app with access to both APIs until an
 * operator changes that.
 */
type SelfDescribed = Pick<
  AppTerms,
  'name' | 'auth' | 'scope' | 'redirectUris' | 'jwks' | 'jwksUri' | 'idTokenAlg' | 'dpopBound' | 'metadata'
>;

/** `sandbox`: its versions wait for an administrator. `open`: the server approves them. */
type Mode = 'sandbox' | 'open';

export interface OpenRegistrar {
  faults(wanted: SelfDescribed): readonly AppFault[];
  /** Checks a new name against the names of the operator and practices. Call it only when the name changes. */
  imitations(tx: Executor, name: string): Promise<readonly AppFault[]>;
  register(
    tx: Executor,
    wanted: SelfDescribed,
    mode: Mode,
  ): Promise<Credentials & { readonly registrationToken: string }>;
  find(tx: Executor, clientId: string, registrationToken: string): Promise<App | undefined>;
  replace(tx: Executor, clientId: ClientId, wanted: SelfDescribed, mode: Mode): Promise<Credentials>;
  /** Returns the status of the app's review. */
  standing(tx: Executor, clientId: ClientId): Promise<Standing>;
  retire(tx: Executor, clientId: ClientId): Promise<void>;
}

/** Creates the registration of apps that register and manage themselves. RFC 7591, RFC 7592 */
export function openRegistrar(deps: RegistryDeps & { readonly brandName: string }): OpenRegistrar {
  /** Approves the pending version in mode `open`. `tx` must hold the app's lock. */
  const approveIfOpen = async (tx: Executor, clientId: ClientId, mode: Mode): Promise<void> => {
    if (mode === 'open') await approveSelfRegistered(tx, deps, await lockApp(tx, deps.clock, clientId));
  };
  const withFixedTerms = (wanted: SelfDescribed) => ({ ...wanted, kind: 'patient', apis: ['r4', 'dstu2'] }) as const;
  return {
    faults: (wanted) => [
      ...faultsOf(termsOf({ ...withFixedTerms(wanted), state: 'provisional' }), deps.trustedJwksHosts ?? []),
      ...ownNameFaults(wanted.name).map(onName),
    ],
    imitations: async (tx, name) => (await imitationFaults(tx, deps.brandName, name)).map(onName),

    async register(tx, wanted, mode) {
      const registrationToken = secretText(deps.random);
      const registrationHash = sha256(registrationToken);
      const { version: _, ...made } = await registerFirst(
        tx,
        deps,
        { ...withFixedTerms(wanted), registrationHash },
        'developer',
      );
      await approveIfOpen(tx, made.clientId, mode);
      return { ...made, registrationToken };
    },

    /** Returns the app of the registration token and locks it, because what it may do depends on its state. */
    async find(tx, clientId, registrationToken) {
      const known = (await findApp(tx, deps.clock, clientId))?.registrationHash;
      if (known === undefined || !sameBytes(known, sha256(registrationToken))) return undefined;
      const app = await lockApp(tx, deps.clock, clientId);
      return app.state === 'retired' ? undefined : app;
    },

    /**
     * Reviewed fields of an approved app wait for a review, as a developer's change does. An
     * administrator's verification applies only to the name and addresses that were verified.
     */
    async replace(tx, clientId, wanted, mode) {
      const app = await lockApp(tx, deps.clock, clientId);
      // An operator allowed it to introspect tokens of other apps because it authenticates.
      const mayIntrospect = app.mayIntrospect && wanted.auth !== 'none';
      // DPoP binding promises that its tokens are useless without its key. An app may turn it on but not
      // off.
      const dpopBound = app.dpopBound || wanted.dpopBound;
      const waits = wasApproved(app) && mode === 'sandbox';
      const verifiedAt = waits || isSame(app, wanted) ? app.verifiedAt : null;
      const terms = { ...app, ...wanted, mayIntrospect, dpopBound, verifiedAt };
      await handIn(tx, deps, app, { wanted: terms, by: undefined });
      await approveIfOpen(tx, clientId, mode);
      const clientSecret = await secretAfter(tx, deps, app, wanted.auth);
      return clientSecret === undefined ? { clientId } : { clientId, clientSecret };
    },

    standing: (tx, clientId) => standingOf(tx, deps.clock, clientId),

    async retire(tx, clientId) {
      const app = await lockApp(tx, deps.clock, clientId);
      if (app.state === 'retired') return;
      await withdrawVersion(tx, deps, clientId, undefined);
      await changeAppState(tx, deps.clock, clientId, 'retired');
      await recordAppEvent(tx, deps, { clientId, kind: 'retired', bySide: 'developer' });
    },
  };
}

const onName = (issue: Fault): AppFault => ({ about: 'metadata', field: 'name', ...issue });

/** An operator verified the developer for this name and these redirect URIs only. */
const isSame = (app: App, wanted: SelfDescribed): boolean =>
  app.name === wanted.name && wanted.redirectUris.every((uri) => app.redirectUris.includes(uri));
