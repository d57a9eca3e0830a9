import { useSyncExternalStore } from 'react';

/** Token response, RFC 6749 §5.1 with the parameters of SMART App Launch. */
export interface ExplorerTokens {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly scope: string;
  readonly patient?: string;
  readonly refresh_token?: string;
  readonly refresh_expires_in?: number;
  readonly id_token?: string;
  readonly [more: string]: unknown;
}

/** An authorization request that was sent and has no response yet. */
export interface PendingAuthorization {
  readonly state: string;
  readonly verifier: string;
  readonly nonce: string;
  readonly clientId: string;
  /** Name of the app, if it is one of the developer's own. */
  readonly name?: string | undefined;
  /** Whether the app authenticates with a client secret. The secret is never stored here. */
  readonly isConfidential: boolean;
  readonly redirectUri: string;
  readonly scope: string;
  /** Address in the explorer to which the page returns after the authorization. */
  readonly back: string;
}

/** Event in the history of the explorer's tokens. */
export interface TokenEvent {
  readonly at: number;
  readonly kind: 'signed-in' | 'refreshed' | 'revoked' | 'refused';
  readonly text?: string;
}

export interface ExplorerConnection {
  readonly clientId: string;
  readonly name?: string | undefined;
  readonly isConfidential: boolean;
  readonly nonce: string;
  /** undefined in a connection that an earlier release stored. */
  readonly requestedScope?: string | undefined;
  readonly tokens: ExplorerTokens;
  /** When the access token expires, in milliseconds since 1970. */
  readonly expiresAt: number;
  readonly revoked: boolean;
  readonly events: readonly TokenEvent[];
}

interface StoredState {
  readonly pending?: PendingAuthorization | undefined;
  readonly connection?: ExplorerConnection | undefined;
}

/** Key of the explorer's state in sessionStorage, which ends with the tab and which no other site or tab can read. */
const KEY = 'api-explorer-2';
const listeners = new Set<() => void>();
let state = readState();

function readState(): StoredState {
  try {
    return (JSON.parse(sessionStorage.getItem(KEY) ?? '{}') ?? {}) as StoredState;
  } catch {
    return {};
  }
}

export function updateState(changes: StoredState): void {
  state = { ...state, ...changes };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // If sessionStorage is unavailable, the state stays in memory and is lost on reload.
  }
  for (const listener of listeners) listener();
}

export const currentState = (): StoredState => state;

export function useConnection(): ExplorerConnection | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state.connection,
  );
}
