/**
 * Input of the dialog for a new client secret. It is stored while the developer confirms their identity on another
 * page, and never contains the secret.
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

/**
 * Stores the input of the dialog for a new client secret.
 * @param draft undefined removes the stored input
 */
export function storeSecretDraft(clientId: string, draft: SecretDraft | undefined): void {
  try {
    if (draft === undefined) sessionStorage.removeItem(storageKey(clientId));
    else sessionStorage.setItem(storageKey(clientId), JSON.stringify(draft));
  } catch {
    // If sessionStorage is unavailable, the developer has to enter the input again.
  }
}
