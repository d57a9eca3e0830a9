import type { Executor } from '../../database/index.ts';
import type { ClientId } from '../../kernel/index.ts';
import type { OAuthClient } from '../ports.ts';

/** Parsed client metadata (RFC 7591 §2). Apps that register themselves are always patient apps. */
export interface ClientMetadata {
  readonly name: string;
  readonly auth: OAuthClient['auth'];
  readonly scope: string;
  readonly redirectUris: readonly string[];
  readonly jwks: unknown;
  readonly jwksUri: string | undefined;
  readonly idTokenAlg: OAuthClient['idTokenAlg'];
  readonly dpopBound: boolean;
  /** Informational members under their RFC 7591 names. They are stored and displayed but have no effect. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface DynamicallyRegisteredApp extends ClientMetadata {
  readonly clientId: ClientId;
  readonly state: OAuthClient['state'];
  readonly createdAt: Date;
  readonly secretHashes: readonly Uint8Array[];
}

export interface RegistrationError {
  readonly about: 'redirect_uris' | 'metadata';
  /** Describes the problem and how to fix it. */
  readonly message: string;
}

/** State of the app's review. */
export interface RegistrationReview {
  readonly state: OAuthClient['state'];
  readonly waiting:
    | {
        readonly version: number;
        readonly since: Date;
        /** Changed fields under our own names. Empty until a version was approved. */
        readonly fields: readonly string[];
        readonly question: string | undefined;
      }
    | undefined;
  readonly refused: string | undefined;
}

export interface NewClientCredentials {
  readonly clientId: ClientId;
  /** Set when a new secret was generated. Only its hash is stored. */
  readonly clientSecret?: string;
}

/** `sandbox`: new apps and important changes wait for an administrator. `open`: the server approves them at once. */
export type RegistrationMode = 'sandbox' | 'open';

/** Storage of dynamically registered apps. */
export interface ClientRegistrar {
  /** All validation errors. An empty list means that the app may be registered. */
  faults(metadata: ClientMetadata): readonly RegistrationError[];
  /** Errors when a new name imitates one that isn't the app's, such as the name of the operator or of a practice. */
  imitations(tx: Executor, name: string): Promise<readonly RegistrationError[]>;
  /** Stores a valid app. */
  register(
    tx: Executor,
    metadata: ClientMetadata,
    mode: RegistrationMode,
  ): Promise<NewClientCredentials & { readonly registrationToken: string }>;
  /**
   * Finds and locks the app that this registration access token belongs to. Undefined when the token is unknown or the
   * app can't be managed.
   */
  find(tx: Executor, clientId: string, registrationToken: string): Promise<DynamicallyRegisteredApp | undefined>;
  /** Stores new metadata of a valid app. */
  replace(
    tx: Executor,
    clientId: ClientId,
    metadata: ClientMetadata,
    mode: RegistrationMode,
  ): Promise<NewClientCredentials>;
  standing(tx: Executor, clientId: ClientId): Promise<RegistrationReview>;
  /** Retires the app, which ends all its tokens. */
  retire(tx: Executor, clientId: ClientId): Promise<void>;
}
