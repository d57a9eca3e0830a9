/**
 * Input of the dialog for a new secret, kept while the developer confirms their identity. Never contains the secret.
 */
export interface SecretDraft {
  readonly name: string;
  readonly days: string;
}

const storageKey = (clientId: string): string => `new-secret:${clientId}`;

export function readSecretDraft(clientId: string): SecretDraft | undefined {
  try {
    const text = sessionStorage.getItem(storageKey(clientId));
    return text === null ? undefined : (JSON.parse(text) as SecretDraft);
  } catch {
    return undefined;
  }
}

/** @param draft undefined removes the stored draft */
export function storeSecretDraft(clientId: string, draft: SecretDraft | undefined): void {
  try {
    if (draft === undefined) sessionStorage.removeItem(storageKey(clientId));
    else sessionStorage.setItem(storageKey(clientId), JSON.stringify(draft));
  } catch {
    // Storage is unavailable, so the input has to be entered again.
  }
}
