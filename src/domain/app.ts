import type { ClientId, OrganisationId, PracticeId } from '../kernel/index.ts';
import type { DataUse } from './data-use.ts';
import type { FhirApi } from './fhir-api.ts';

/** Users of an app: one patient, staff, or none for a backend service. */
export type AppKind = 'patient' | 'staff' | 'backend';
/** How an app authenticates. `none`: a public client, which must use PKCE. RFC 6749 §2.1, RFC 7523 §2.2 */
export type AppAuthMethod = 'none' | 'secret' | 'private_key_jwt';
/** State of an app. Only `provisional` and `active` apps may do anything. */
export type AppState = 'provisional' | 'active' | 'rejected' | 'suspended' | 'retired';

/** The registration of an app. All of it may be changed later. */
export interface AppTerms {
  readonly name: string;
  readonly kind: AppKind;
  readonly auth: AppAuthMethod;
  readonly apis: readonly FhirApi[];
  /** Registered scopes: the most that the app can be granted, and the default if it requests none. */
  readonly scope: string;
  readonly redirectUris: readonly string[];
  /** RFC 7517: public keys by value, for `private_key_jwt`. */
  readonly jwks: unknown;
  /** Address from which the public keys are fetched. */
  readonly jwksUri: string | undefined;
  readonly launchUri: string | undefined;
  /** Backend apps only: the practices to which `system/` scopes apply. */
  readonly practiceIds: readonly PracticeId[];
  /** Authorization requests without `aud` are rejected. */
  readonly requireAud: boolean;
  readonly secretInQuery: boolean;
  readonly idTokenAlg: 'RS256' | 'ES256';
  /** RFC 9449 §5.2: tokens are issued only with a DPoP proof. */
  readonly dpopBound: boolean;
  /** A resource server, which may introspect tokens of other apps. RFC 7662 §4 */
  readonly mayIntrospect: boolean;
  /** Name of the developer, as entered by an operator. Null when unknown. */
  readonly developer: string | null;
  /** When an operator verified the developer. */
  readonly verifiedAt: Date | null;
  /** The developer's answers about data use. */
  readonly dataUse: DataUse;
  /** Description by the developer; null if there is none. */
  readonly description: string | null;
  /** Whether the app may be listed in the public gallery once it is active. */
  readonly listed: boolean;
  /** RFC 7591 §2: metadata that is stored and displayed but has no effect. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** An app, which is a client in OAuth. RFC 6749 §1.1 */
export interface App extends AppTerms {
  readonly clientId: ClientId;
  readonly state: AppState;
  readonly createdAt: Date;
  /** The developing organization; undefined if an operator registered the app or it registered itself. */
  readonly organisationId: OrganisationId | undefined;
  /** Changes with the logo; undefined if there is none. */
  readonly logoVersion: string | undefined;
  /** When the app first received data. */
  readonly firstCallAt: Date | undefined;
  /** SHA-256 hashes of the valid secrets. */
  readonly secretHashes: readonly Buffer[];
  /** RFC 7592: SHA-256 of the registration access token; undefined unless the app registered itself. */
  readonly registrationHash: Buffer | undefined;
}

export interface AppCredentials {
  readonly clientId: ClientId;
  /** Shown once and stored as a hash. Undefined for apps without a secret, and when no new one was issued. */
  readonly clientSecret?: string;
}
