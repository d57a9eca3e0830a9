import type { Executor } from '../../database/index.ts';
import type { App, AppCredentials, AppReviewStatus, ClientMetadata, SelfRegistrationMode } from '../../domain/index.ts';
import type { ClientId } from '../../kernel/index.ts';

export interface RegistrationError {
  readonly about: 'redirect_uris' | 'metadata';
  /** Message for the app's developer: what is wrong and how to fix it. */
  readonly message: string;
}

/** Validates and stores dynamically registered apps. */
export interface ClientRegistrar {
  /** Returns all validation errors of the metadata. An empty list means that the app may be registered. */
  check(metadata: ClientMetadata): readonly RegistrationError[];
  /** Returns errors if the name imitates the name of someone else, such as the operator or a practice. */
  checkName(tx: Executor, name: string): Promise<readonly RegistrationError[]>;
  /** Stores a new app, whose metadata has been validated. */
  register(
    tx: Executor,
    metadata: ClientMetadata,
    mode: SelfRegistrationMode,
  ): Promise<AppCredentials & { readonly registrationToken: string }>;
  /**
   * Finds and locks the app that a registration access token belongs to. Undefined if the token is unknown or the app
   * is in a state in which its developer can't change it.
   */
  find(tx: Executor, clientId: string, registrationToken: string): Promise<App | undefined>;
  /** Stores new metadata of an app. The metadata has been validated. */
  replace(
    tx: Executor,
    clientId: ClientId,
    metadata: ClientMetadata,
    mode: SelfRegistrationMode,
  ): Promise<AppCredentials>;
  reviewStatus(tx: Executor, clientId: ClientId): Promise<AppReviewStatus>;
  /** Retires the app, which ends all tokens of the app. */
  retire(tx: Executor, clientId: ClientId): Promise<void>;
}
