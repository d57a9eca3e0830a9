import type { Config } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { Encryption } from '../encryption/index.ts';
import type { Clock, Random } from '../kernel/index.ts';
import type { OAuthAddresses } from './addresses.ts';
import type { LaunchableApps } from './launch/ports.ts';
import type { ClientActivityLog, OAuthAudit, OAuthClients, ServedTypes } from './ports.ts';
import type { ClientRegistrar } from './register/client-registrar.ts';

export type OAuthConfig = Pick<
  Config,
  | 'prefix'
  | 'provisionalApps'
  | 'trustedJwksHosts'
  | 'sensitiveLabels'
  | 'dynamicRegistration'
  | 'authorizationResponseIss'
  | 'sandbox'
>;

/** The registered apps, as the authorization server uses them. */
export interface OAuthApps extends OAuthClients, LaunchableApps {
  readonly activityLog: ClientActivityLog;
  readonly selfRegistration: ClientRegistrar;
}

export interface OAuthModuleDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: OAuthAudit;
  readonly encryption: Encryption;
  readonly config: OAuthConfig;
  readonly addresses: OAuthAddresses;
  readonly types: ServedTypes;
  readonly apps: OAuthApps;
}
