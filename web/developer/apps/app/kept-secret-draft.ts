/** What was entered in the dialog for a new secret, while one shows that it is oneself: never the secret. */
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

/** @param draft undefined: it is not needed any more */
export function keepSecretDraft(clientId: string, draft: SecretDraft | undefined): void {
  try {
    if (draft === undefined) sessionStorage.removeItem(placeOf(clientId));
    else sessionStorage.setItem(placeOf(clientId), JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing: it is entered once more.
  }
}
