/**
 * Input of the dialog for a new secret, kept while the developer confirms their identity. Never contains the secret.
 */
export interface SecretDraft {
  readonly name: string;
  readonly days: string;
}

const placeOf = (clientId: string): string => `new-secret:${clientId}`;

export function readSecretDraft(clientId: string): SecretDraft | undefined {
  try {
    const text = sessionStorage.getItem(placeOf(clientId));
    return text === null ? undefined : (JSON.parse(text) as SecretDraft);
  } catch {
    return undefined;
  }
}

/** @param draft undefined removes the stored draft */
export function keepSecretDraft(clientId: string, draft: SecretDraft | undefined): void {
  try {
    if (draft === undefined) sessionStorage.removeItem(placeOf(clientId));
    else sessionStorage.setItem(placeOf(clientId), JSON.stringify(draft));
  } catch {
    // Storage is unavailable, so the input has to be entered again.
  }
}
