import type { Trail } from '../audit/index.ts';
import type { PasswordCost, SettingInForce } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { Clock, Random } from '../kernel/index.ts';
import type { OpenPost } from '../mail/index.ts';
import type { Addresses, SensitiveLabel, ServedTypes } from '../oauth/index.ts';
import type { BrowserCookies, Entrance, Passkeys, SignedIn } from '../people/index.ts';
import type { Framing } from '../words/index.ts';
import type { Guard } from './api/guard.ts';
import type { MadeAccount } from './explorer/test-patients.ts';
import type { Brands } from './public/brands/publish.ts';
import type { Status } from './public/status/status.ts';

/** Dependencies of the portals: the JSON API, its pages and the React app that reads it. */
export interface PortalDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Trail;
  readonly post: OpenPost;
  readonly cookies: BrowserCookies;
  readonly signedIn: SignedIn;
  readonly guard: Guard;
  readonly framing: Framing;
  readonly entrance: Entrance;
  readonly passkeys: Passkeys;
  readonly passwordCost: PasswordCost;
  readonly addresses: Addresses;
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
  readonly testAccounts: readonly MadeAccount[];
  readonly testPassword: string;
  /** The published practice brands. */
  readonly brands: Brands;
  readonly status: Status;
  /** Effective settings as shown to administrators. */
  readonly settings: readonly SettingInForce[];
}
