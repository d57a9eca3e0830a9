import { type BrandsService, BUNDLE_PATH } from '../../brands/index.ts';
import type { Executor } from '../../database/index.ts';
import { probeProjections, probeResources } from '../../fhir/index.ts';
import { type Clock, later, minutes } from '../../kernel/index.ts';
import { hasDelayedEmail } from '../../mail/index.ts';
import type { OAuthAddresses, OAuthClients, SigningKeyring } from '../../oauth/index.ts';
import type { StatusProbes } from './component.ts';

export interface ProbeDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly addresses: OAuthAddresses;
  readonly keyring: SigningKeyring;
  readonly clients: OAuthClients;
  readonly brands: BrandsService;
  /** Whether an email server is set up. If not, email isn't probed. */
  readonly sendsMail: boolean;
  /** Sends a GET request to this server without the network, and returns the HTTP status. */
  ask(path: string): Promise<number>;
}

/**
 * Maximum milliseconds that an email may wait in the queue before the email component counts as
 * failing. A failed email is retried after one minute, and again after five minutes.
 */
const MAX_EMAIL_DELAY = minutes(15);

/**
 * Creates the probes of all components. A probe runs the same code as an app's request, as far as
 * that is possible without patient data.
 */
export function createProbes(deps: ProbeDeps): StatusProbes {
  const { db, clock, addresses, keyring, clients, brands, ask } = deps;
  const answers = async (address: string): Promise<boolean> => (await ask(new URL(address).pathname)) === 200;
  return {
    async authorize() {
      await clients.find('nobody');
      return answers(`${addresses.fhir.r4}/.well-known/smart-configuration`);
    },
    async token() {
      const { keys } = await keyring.publicKeySet();
      return keys.length > 0 && (await answers(addresses.jwks));
    },
    async r4() {
      await probeResources(db);
      return answers(`${addresses.fhir.r4}/metadata`);
    },
    async dstu2() {
      await probeProjections(db);
      return answers(`${addresses.fhir.dstu2}/metadata`);
    },
    portal: () => answers(`${addresses.origin}/api/session`),
    ...(deps.sendsMail
      ? {
          mail: async () => !(await hasDelayedEmail(db, later(clock.now(), -MAX_EMAIL_DELAY))),
        }
      : {}),
    async brands() {
      const { published, changes } = await brands.readState();
      return published !== undefined && changes.length === 0 && (await answers(`${addresses.origin}${BUNDLE_PATH}`));
    },
  };
}
