import type { Executor } from '../../database/index.ts';
import type { App, AppCredentials, AppReviewStatus, ClientMetadata, SelfRegistrationMode } from '../../domain/index.ts';
import type { ClientId } from '../../kernel/index.ts';

export interface RegistrationError {
  readonly about: 'redirect_uris' | 'metadata';
  /** Describes the problem and how to fix it. */
  readonly message: string;
}

/** Storage of dynamically registered apps. */
export interface ClientRegistrar {
  /** All validation errors. An empty list means that the app may be registered. */
  check(metadata: ClientMetadata): readonly RegistrationError[];
  /** Errors when a new name imitates one that isn't the app's, such as the name of the operator or of a practice. */
  checkName(tx: Executor, name: string): Promise<readonly RegistrationError[]>;
  /** Stores a valid app. */
  register(
    tx: Executor,
    metadata: ClientMetadata,
    mode: SelfRegistrationMode,
  ): Promise<AppCredentials & { readonly registrationToken: string }>;
  /**
   * Finds and locks the app that this registration access token belongs to. Undefined when the token is unknown or the
   * app can't be managed.
   */
  find(tx: Executor, clientId: string, registrationToken: string): Promise<App | undefined>;
  /** Stores new metadata of a valid app. */
  replace(
    tx: Executor,
    clientId: ClientId,
    metadata: ClientMetadata,
    mode: SelfRegistrationMode,
  ): Promise<AppCredentials>;
  reviewStatus(tx: Executor, clientId: ClientId): Promise<AppReviewStatus>;
  /** Retires the app, which ends all its tokens. */
  retire(tx: Executor, clientId: ClientId): Promise<void>;
}
