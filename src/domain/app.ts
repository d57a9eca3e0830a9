import type { ClientId, OrganisationId, PracticeId } from '../kernel/index.ts';
import type { DataUse } from './data-use.ts';
import type { FhirApi } from './fhir-api.ts';

/** Users of an app: one patient, practice staff, or no person for a backend app. */
export type AppKind = 'patient' | 'staff' | 'backend';
/**
 * Method with which an app authenticates (RFC 6749 §2.1, RFC 7523 §2.2). `none` is for a public client, which must use
 * PKCE.
 */
export type AppAuthMethod = 'none' | 'secret' | 'private_key_jwt';
/** State of an app. Only `provisional` and `active` apps can get tokens and read data. */
export type AppState = 'provisional' | 'active' | 'rejected' | 'suspended' | 'retired';

/** Category of an app in the public gallery, which its developer chooses. */
export type AppCategory = 'records' | 'medicines' | 'fitness' | 'conditions' | 'family' | 'research' | 'insurance';

/** Registered properties of an app. All of them may change later. */
export interface AppTerms {
  readonly name: string;
  readonly kind: AppKind;
  readonly auth: AppAuthMethod;
  readonly apis: readonly FhirApi[];
  /**
   * Registered scopes, separated by spaces. They are the most that the app can be granted, and the default if it
   * requests none.
   */
  readonly scope: string;
  readonly redirectUris: readonly string[];
  /** The app's public keys for `private_key_jwt`, as a JSON Web Key Set (RFC 7517). */
  readonly jwks: unknown;
  /** Address from which the server fetches the app's public keys. */
  readonly jwksUri: string | undefined;
  readonly launchUri: string | undefined;
  /** Practices to which a backend app's `system/` scopes apply. Empty for other apps. */
  readonly practiceIds: readonly PracticeId[];
  /** If true, authorization requests of the app without the parameter `aud` are rejected. */
  readonly requireAud: boolean;
  readonly secretInQuery: boolean;
  readonly idTokenAlg: 'RS256' | 'ES256';
  /** If true, the app gets tokens only with a DPoP proof (RFC 9449 §5.2). */
  readonly dpopBound: boolean;
  /** True for a resource server, which may introspect tokens of other apps (RFC 7662 §4). */
  readonly mayIntrospect: boolean;
  /** Name of the app's developer, as an operator entered it; null if unknown. */
  readonly developer: string | null;
  /** Time at which an operator verified the app's developer; null if that hasn't happened. */
  readonly verifiedAt: Date | null;
  /** The developer's answers about the app's use of data. */
  readonly dataUse: DataUse;
  /** Description of the app by its developer; null if there is none. */
  readonly description: string | null;
  /** Whether the app may be listed in the public gallery once it is active. */
  readonly listed: boolean;
  /** Category of the app in the gallery; null if its developer chose none. */
  readonly category: AppCategory | null;
  /** Client metadata that is stored and displayed but has no effect (RFC 7591 §2). */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A registered app, which OAuth calls a client (RFC 6749 §1.1). */
export interface App extends AppTerms {
  readonly clientId: ClientId;
  readonly state: AppState;
  readonly createdAt: Date;
  /** Organization that develops the app; undefined if an operator registered the app or the app registered itself. */
  readonly organisationId: OrganisationId | undefined;
  /**
   * First 32 hex digits of the SHA-256 of the app's logo, so that they change with the logo; undefined if there is no
   * logo.
   */
  readonly logoVersion: string | undefined;
  /** Time when the app first received data; undefined if it never has. */
  readonly firstCallAt: Date | undefined;
  /** Requests per minute that an administrator allows the app at the FHIR APIs; undefined if the default applies. */
  readonly requestsPerMinute: number | undefined;
  /** SHA-256 hashes of the client secrets that are valid now. */
  readonly secretHashes: readonly Buffer[];
  /** SHA-256 of the registration access token (RFC 7592); undefined unless the app registered itself. */
  readonly registrationHash: Buffer | undefined;
}

export interface AppCredentials {
  readonly clientId: ClientId;
  /**
   * New client secret, which is shown once and stored as a hash. Undefined if the app has no secret, or no new secret
   * was issued.
   */
  readonly clientSecret?: string;
}
