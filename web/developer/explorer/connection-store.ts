import { useSyncExternalStore } from 'react';

/** RFC 6749 §5.1 with SMART's parameters. */
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

/** An authorization request that was sent. */
export interface PendingAuthorization {
  readonly state: string;
  readonly verifier: string;
  readonly nonce: string;
  readonly clientId: string;
  /** Name of a developer's own app. */
  readonly name?: string | undefined;
  /** The app authenticates with a client secret, which is never stored here. */
  readonly isConfidential: boolean;
  readonly redirectUri: string;
  /** Address of the explorer to return to. */
  readonly back: string;
}

/** History of the tokens, newest first. */
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
  readonly tokens: ExplorerTokens;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly revoked: boolean;
  readonly events: readonly TokenEvent[];
}

interface StoredState {
  readonly pending?: PendingAuthorization | undefined;
  readonly connection?: ExplorerConnection | undefined;
}

/** sessionStorage ends with the tab, and no other site or tab can read it. */
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
    // Storage is unavailable: the state stays in memory and is lost on reload.
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
