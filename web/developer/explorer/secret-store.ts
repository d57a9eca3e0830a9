import { useSyncExternalStore } from 'react';

/**
 * Client secrets that the developer typed, by client id. They are only in the memory of this page, so a reload forgets
 * them.
 */
const secrets = new Map<string, string>();
const listeners = new Set<() => void>();

const notify = (): void => {
  for (const listener of listeners) listener();
};

export function storeSecret(clientId: string, secret: string): void {
  secrets.set(clientId, secret);
  notify();
}

export function forgetSecrets(): void {
  secrets.clear();
  notify();
}

export const getSecret = (clientId: string): string | undefined => secrets.get(clientId);

export function useSecret(clientId: string): string | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => secrets.get(clientId),
  );
}
