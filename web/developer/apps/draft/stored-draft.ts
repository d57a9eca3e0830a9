import type { AppDraft, AppResponse } from '../../../../src/portal-api/contract/apps.ts';

/** Drafts are stored for this tab only: the draft of a new app, or the changed settings of an existing one. */
const storageKey = (clientId: string | undefined): string => (clientId === undefined ? 'new-app' : `app:${clientId}`);

export interface StoredDraft {
  readonly draft: AppDraft;
  /** Data URL of the scaled-down logo. */
  readonly logo?: string | undefined;
  /** Validity of the first secret in days; null for no expiry. */
  readonly secretDays?: number | null | undefined;
  /** Keys were entered. They are not stored. */
  readonly hadKeys: boolean;
  /** Revision that the changes are based on, so that changes by others since then aren't overwritten. */
  readonly revision?: AppResponse['revision'] | undefined;
}

export function readStoredDraft(clientId?: string): StoredDraft | undefined {
  try {
    const text = sessionStorage.getItem(storageKey(clientId));
    return text === null ? undefined : (JSON.parse(text) as StoredDraft);
  } catch {
    return undefined;
  }
}

/** Stores the draft without keys, even public ones, in case a private key was pasted by mistake. */
export function storeDraft(
  draft: AppDraft,
  { logo, secretDays }: Pick<StoredDraft, 'logo' | 'secretDays'> = {},
  of?: Pick<AppResponse, 'clientId' | 'revision'>,
): void {
  const { jwks, ...rest } = draft;
  const metadata: Omit<StoredDraft, 'draft'> = {
    logo,
    secretDays,
    hadKeys: jwks !== undefined,
    revision: of?.revision,
  };
  try {
    sessionStorage.setItem(storageKey(of?.clientId), JSON.stringify({ draft: rest, ...metadata }));
  } catch {
    // Storage is unavailable: the input lasts as long as the page.
  }
}

export function removeStoredDraft(clientId?: string): void {
  try {
    sessionStorage.removeItem(storageKey(clientId));
  } catch {
    // Storage is unavailable, so nothing was stored.
  }
}
