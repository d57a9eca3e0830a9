import type { AuditLog } from '../audit/index.ts';
import type { EffectiveSetting, PasswordCost } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { SensitiveLabel } from '../domain/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { BrowserCookies, Passkeys, SessionGuard, SignInCompletion } from '../identity/index.ts';
import type { Clock, Random } from '../kernel/index.ts';
import type { ServerEmailQueue } from '../mail/index.ts';
import type { OAuthAddresses, ServedTypes } from '../oauth/index.ts';
import type { TestAccount } from './contract/explorer.ts';
import type { PortalGuard } from './guard.ts';

/** An account of the sandbox as its generator describes it. */
export interface SandboxAccount {
  readonly username: string;
  readonly kind: TestAccount['kind'];
  readonly about: string;
  readonly covers: TestAccount['covers'];
}

/** Dependencies of the portals: the JSON API, its pages and the React app that reads it. */
export interface PortalDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditLog;
  readonly post: ServerEmailQueue;
  readonly cookies: BrowserCookies;
  readonly signedIn: SessionGuard;
  readonly guard: PortalGuard;
  readonly framing: PageContexts;
  readonly entrance: SignInCompletion;
  readonly passkeys: Passkeys;
  readonly passwordCost: PasswordCost;
  readonly addresses: OAuthAddresses;
  readonly types: ServedTypes;
  readonly publicUrl: string;
  /** Path prefix of the authorization server and both FHIR APIs. */
  readonly prefix: string;
  /** Whether cookies are sent over https only. */
  readonly secure: boolean;
  /** Name of the installation. */
  readonly brandName: string;
  readonly sandbox: boolean;
  readonly provisionalApps: 'sandbox' | 'inactive';
  readonly patientAppReview: 'manual' | 'automatic';
  readonly trustedJwksHosts: readonly string[];
  /** Redirect URIs of the API explorer and Swagger UI. */
  readonly toolRedirects: readonly string[];
  /** Security labels that patients must share explicitly. */
  readonly sensitive: readonly SensitiveLabel[];
  /** The app of the sandbox with which the API explorer and Swagger UI authorize. */
  readonly explorer: { readonly clientId: string; readonly scope: string };
  /** Accounts of the sandbox, whose credentials are public. */
  readonly testAccounts: readonly SandboxAccount[];
  readonly testPassword: string;
  /** Effective settings as shown to administrators. */
  readonly settings: readonly EffectiveSetting[];
}
