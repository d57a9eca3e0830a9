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

/** What the portal needs: its JSON API, its pages and the React app that reads the API. */
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
  /** Path that the authorization server and both FHIR APIs lie under. */
  readonly prefix: string;
  /** Cookies are for https alone. */
  readonly secure: boolean;
  /** What the installation is called. */
  readonly brandName: string;
  readonly sandbox: boolean;
  readonly provisionalApps: 'sandbox' | 'inactive';
  readonly patientAppReview: 'manual' | 'automatic';
  readonly trustedJwksHosts: readonly string[];
  /** Redirect URIs of the API explorer. */
  readonly toolRedirects: readonly string[];
  /** Labels that patients are asked about by themselves. */
  readonly sensitive: readonly SensitiveLabel[];
  /** The app that comes with the sandbox: what the API explorer and Swagger UI ask with. */
  readonly explorer: { readonly clientId: string; readonly scope: string };
  /** Of the sandbox: everybody may know them. */
  readonly testAccounts: readonly MadeAccount[];
  readonly testPassword: string;
  /** What is published of the practices. */
  readonly brands: Brands;
  readonly status: Status;
  /** As administrators see them. */
  readonly settings: readonly SettingInForce[];
}
