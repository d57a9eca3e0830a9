import type { Executor } from '../../database/index.ts';
import type { ClientId } from '../../kernel/index.ts';
import type { Client } from '../ports.ts';

/** What an app says of itself (RFC 7591 §2), read. It is an app for patients, whatever it says. */
export interface WantedApp {
  readonly name: string;
  readonly auth: Client['auth'];
  readonly scope: string;
  readonly redirectUris: readonly string[];
  readonly jwks: unknown;
  readonly jwksUri: string | undefined;
  readonly idTokenAlg: Client['idTokenAlg'];
  readonly dpopBound: boolean;
  /** Kept and shown, by its name in RFC 7591; decides nothing. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface RegisteredApp extends WantedApp {
  readonly clientId: ClientId;
  readonly state: Client['state'];
  readonly createdAt: Date;
  readonly secretHashes: readonly Uint8Array[];
}

export interface RegistrationFault {
  readonly about: 'redirect_uris' | 'metadata';
  /** What is wrong and how to mend it. */
  readonly message: string;
}

/** How far the review of an app is. */
export interface Standing {
  readonly state: Client['state'];
  readonly waiting:
    | {
        readonly version: number;
        readonly since: Date;
        /** Members of the registry's own; empty: nothing was approved yet. */
        readonly fields: readonly string[];
        readonly question: string | undefined;
      }
    | undefined;
  readonly refused: string | undefined;
}

export interface NewCredentials {
  readonly clientId: ClientId;
  /** Only when there is a new one: it is stored as a hash. */
  readonly clientSecret?: string;
}

/** `sandbox`: an app, and what matters of a change, waits for an administrator; `open`: the server approves it at once. */
export type RegistrationMode = 'sandbox' | 'open';

/** Where apps are kept. */
export interface Registrar {
  /** Everything that is wrong with it; empty: it may be registered. */
  faults(wanted: WantedApp): readonly RegistrationFault[];
  /** What is wrong with a name that the app does not have yet, held against names that are not its own. */
  imitations(tx: Executor, name: string): Promise<readonly RegistrationFault[]>;
  /** Of an app without faults. */
  register(
    tx: Executor,
    wanted: WantedApp,
    mode: RegistrationMode,
  ): Promise<NewCredentials & { readonly registrationToken: string }>;
  /** The app that this registration access token is of, locked; undefined: it is of none that can be managed. */
  find(tx: Executor, clientId: string, registrationToken: string): Promise<RegisteredApp | undefined>;
  /** Of an app without faults. */
  replace(tx: Executor, clientId: ClientId, wanted: WantedApp, mode: RegistrationMode): Promise<NewCredentials>;
  standing(tx: Executor, clientId: ClientId): Promise<Standing>;
  /** Its tokens are good no more. */
  retire(tx: Executor, clientId: ClientId): Promise<void>;
}
