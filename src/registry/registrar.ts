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

/** What an app says of itself. It becomes an app for patients, at both APIs until an operator says otherwise. */
type SelfDescribed = Pick<
  AppTerms,
  'name' | 'auth' | 'scope' | 'redirectUris' | 'jwks' | 'jwksUri' | 'idTokenAlg' | 'dpopBound' | 'metadata'
>;

/** `sandbox`: what it hands in waits for an administrator; `open`: the server itself approves it. */
type Mode = 'sandbox' | 'open';

export interface OpenRegistrar {
  faults(wanted: SelfDescribed): readonly AppFault[];
  /** What is wrong with a name that the app does not have yet, held against names that are not its own. */
  imitations(tx: Executor, name: string): Promise<readonly AppFault[]>;
  register(
    tx: Executor,
    wanted: SelfDescribed,
    mode: Mode,
  ): Promise<Credentials & { readonly registrationToken: string }>;
  find(tx: Executor, clientId: string, registrationToken: string): Promise<App | undefined>;
  replace(tx: Executor, clientId: ClientId, wanted: SelfDescribed, mode: Mode): Promise<Credentials>;
  /** How far its review is. */
  standing(tx: Executor, clientId: ClientId): Promise<Standing>;
  retire(tx: Executor, clientId: ClientId): Promise<void>;
}

/** For apps that register and manage themselves. RFC 7591, RFC 7592 */
export function openRegistrar(deps: RegistryDeps & { readonly brandName: string }): OpenRegistrar {
  /** `tx` holds the app's lock. */
  const settle = async (tx: Executor, clientId: ClientId, mode: Mode): Promise<void> => {
    if (mode === 'open') await approveSelfRegistered(tx, deps, await lockApp(tx, deps.clock, clientId));
  };
  const whole = (wanted: SelfDescribed) => ({ ...wanted, kind: 'patient', apis: ['r4', 'dstu2'] }) as const;
  return {
    faults: (wanted) => [
      ...faultsOf(termsOf({ ...whole(wanted), state: 'provisional' }), deps.trustedJwksHosts ?? []),
      ...ownNameFaults(wanted.name).map(onName),
    ],
    imitations: async (tx, name) => (await imitationFaults(tx, deps.brandName, name)).map(onName),

    async register(tx, wanted, mode) {
      const registrationToken = secretText(deps.random);
      const registrationHash = sha256(registrationToken);
      const { version: _, ...made } = await registerFirst(
        tx,
        deps,
        { ...whole(wanted), registrationHash },
        'developer',
      );
      await settle(tx, made.clientId, mode);
      return { ...made, registrationToken };
    },

    /** The app whose token this is, locked: what it may do depends on its state. */
    async find(tx, clientId, registrationToken) {
      const known = (await findApp(tx, deps.clock, clientId))?.registrationHash;
      if (known === undefined || !sameBytes(known, sha256(registrationToken))) return undefined;
      const app = await lockApp(tx, deps.clock, clientId);
      return app.state === 'retired' ? undefined : app;
    },

    /** As a developer's: what matters of an app that works waits. An administrator who made sure of it did so of this name. */
    async replace(tx, clientId, wanted, mode) {
      const app = await lockApp(tx, deps.clock, clientId);
      // An operator let it ask about other apps' tokens because it proves who it is.
      const mayIntrospect = app.mayIntrospect && wanted.auth !== 'none';
      // A promise that nobody can use its tokens without its key: an app may give it, and not take it back.
      const dpopBound = app.dpopBound || wanted.dpopBound;
      const waits = wasApproved(app) && mode === 'sandbox';
      const verifiedAt = waits || isSame(app, wanted) ? app.verifiedAt : null;
      const terms = { ...app, ...wanted, mayIntrospect, dpopBound, verifiedAt };
      await handIn(tx, deps, app, { wanted: terms, by: undefined });
      await settle(tx, clientId, mode);
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

const onName = (fault: Fault): AppFault => ({ about: 'metadata', field: 'name', ...fault });

/** An operator made sure of who makes an app of this name that returns to these addresses, and of no other. */
const isSame = (app: App, wanted: SelfDescribed): boolean =>
  app.name === wanted.name && wanted.redirectUris.every((uri) => app.redirectUris.includes(uri));
