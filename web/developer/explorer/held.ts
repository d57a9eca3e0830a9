import { useSyncExternalStore } from 'react';

/** RFC 6749 §5.1 with SMART's parameters. */
export interface TokenAnswer {
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
export interface Pending {
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
export interface Happening {
  readonly at: number;
  readonly kind: 'signed-in' | 'refreshed' | 'revoked' | 'refused';
  readonly text?: string;
}

export interface Connection {
  readonly clientId: string;
  readonly name?: string | undefined;
  readonly isConfidential: boolean;
  readonly nonce: string;
  readonly answer: TokenAnswer;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly revoked: boolean;
  readonly happened: readonly Happening[];
}

interface Held {
  readonly pending?: Pending | undefined;
  readonly connection?: Connection | undefined;
}

/** sessionStorage ends with the tab, and no other site or tab can read it. */
const KEY = 'api-explorer';
const listeners = new Set<() => void>();
let held = read();

function read(): Held {
  try {
    return (JSON.parse(sessionStorage.getItem(KEY) ?? '{}') ?? {}) as Held;
  } catch {
    return {};
  }
}

export function hold(changes: Held): void {
  held = { ...held, ...changes };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(held));
  } catch {
    // Storage is unavailable: the state stays in memory and is lost on reload.
  }
  for (const listener of listeners) listener();
}

export const heldNow = (): Held => held;

export function useConnection(): Connection | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => held.connection,
  );
}
