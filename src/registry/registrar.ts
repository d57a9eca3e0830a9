import type { Executor } from '../database/index.ts';
import { type ClientId, type Clock, type Random, sameBytes, secretText, sha256 } from '../kernel/index.ts';
import { type App, type AppTerms, findApp, lockApp } from './app.ts';
import { type AppFault, faultsOf } from './faults.ts';
import { type Credentials, type RegistryDeps, registerApp, rewriteApp, termsOf } from './register.ts';
import { endSecrets, issueSecret } from './secrets.ts';
import { changeAppState } from './state.ts';

/** What an app says of itself. It becomes an app for patients, at both APIs until an operator says otherwise. */
type SelfDescribed = Pick<
  AppTerms,
  'name' | 'auth' | 'scope' | 'redirectUris' | 'jwks' | 'jwksUri' | 'idTokenAlg' | 'dpopBound' | 'metadata'
>;

export interface OpenRegistrar {
  faults(wanted: SelfDescribed): readonly AppFault[];
  register(
    tx: Executor,
    wanted: SelfDescribed,
    state: 'provisional' | 'active',
  ): Promise<Credentials & { readonly registrationToken: string }>;
  find(tx: Executor, clientId: string, registrationToken: string): Promise<App | undefined>;
  replace(tx: Executor, clientId: ClientId, wanted: SelfDescribed): Promise<Credentials>;
  retire(tx: Executor, clientId: ClientId): Promise<void>;
}

/** For apps that register and manage themselves. RFC 7591, RFC 7592 */
export function openRegistrar(deps: RegistryDeps): OpenRegistrar {
  const whole = (wanted: SelfDescribed) => ({ ...wanted, kind: 'patient', apis: ['r4', 'dstu2'] }) as const;
  return {
    faults: (wanted) => faultsOf(termsOf({ ...whole(wanted), state: 'provisional' }), deps.trustedJwksHosts ?? []),

    async register(tx, wanted, state) {
      const registrationToken = secretText(deps.random);
      const registrationHash = sha256(registrationToken);
      const made = await registerApp(tx, deps, { ...whole(wanted), state, registrationHash });
      return { ...made, registrationToken };
    },

    /** The app whose token this is, locked: what it may do depends on its state. */
    async find(tx, clientId, registrationToken) {
      const known = (await findApp(tx, deps.clock, clientId))?.registrationHash;
      if (known === undefined || !sameBytes(known, sha256(registrationToken))) return undefined;
      const app = await lockApp(tx, deps.clock, clientId);
      return app.state === 'retired' ? undefined : app;
    },

    async replace(tx, clientId, wanted) {
      const app = await lockApp(tx, deps.clock, clientId);
      // An operator let it ask about other apps' tokens because it proves who it is.
      const mayIntrospect = app.mayIntrospect && wanted.auth !== 'none';
      // A promise that nobody can use its tokens without its key: an app may give it, and not take it back.
      const dpopBound = app.dpopBound || wanted.dpopBound;
      await rewriteApp(tx, clientId, { ...app, ...wanted, mayIntrospect, dpopBound });
      return secretAfter(tx, deps, app, wanted.auth);
    },

    async retire(tx, clientId) {
      const app = await lockApp(tx, deps.clock, clientId);
      if (app.state !== 'retired') await changeAppState(tx, deps.clock, clientId, 'retired');
    },
  };
}

/** An app that begins to use a secret gets one; one that no longer does loses those it had. */
async function secretAfter(
  tx: Executor,
  deps: { clock: Clock; random: Random },
  { clientId, auth }: App,
  wanted: AppTerms['auth'],
): Promise<Credentials> {
  if (wanted === 'secret' && auth !== 'secret')
    return { clientId, clientSecret: await issueSecret(tx, deps, clientId) };
  if (wanted !== 'secret') await endSecrets(tx, clientId);
  return { clientId };
}
