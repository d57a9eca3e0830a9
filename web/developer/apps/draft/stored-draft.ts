import type { AppDraft, AppResponse } from '../../../../src/portal-api/contract/apps.ts';

/**
 * Returns the sessionStorage key of a draft: that of a new app, or of the changed settings of an
 * existing app. A draft in sessionStorage is visible in this tab only.
 */
const storageKey = (clientId: string | undefined): string => (clientId === undefined ? 'new-app' : `app:${clientId}`);

export interface StoredDraft {
  readonly draft: AppDraft;
  /** Logo as a data URL, scaled down. */
  readonly logo?: string | undefined;
  /** Days for which the first secret is valid; null if it doesn't expire. */
  readonly secretDays?: number | null | undefined;
  /** Last step of the wizard that was open; undefined for changed settings. */
  readonly step?: string | undefined;
  /** Whether the draft contained keys. The keys themselves are not stored. */
  readonly hadKeys: boolean;
  /** Revision of the app that the changes are based on, so that they don't overwrite later changes by others. */
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

/** Stores the draft without keys. Even public keys are left out, in case a private key was pasted by mistake. */
export function storeDraft(
  draft: AppDraft,
  { logo, secretDays, step }: Pick<StoredDraft, 'logo' | 'secretDays' | 'step'> = {},
  of?: Pick<AppResponse, 'clientId' | 'revision'>,
): void {
  const { jwks, ...rest } = draft;
  const metadata: Omit<StoredDraft, 'draft'> = {
    logo,
    secretDays,
    step,
    hadKeys: jwks !== undefined,
    revision: of?.revision,
  };
  try {
    sessionStorage.setItem(storageKey(of?.clientId), JSON.stringify({ draft: rest, ...metadata }));
  } catch {
    // If sessionStorage is unavailable, the input is lost when the page is left.
  }
}

export function removeStoredDraft(clientId?: string): void {
  try {
    sessionStorage.removeItem(storageKey(clientId));
  } catch {
    // If sessionStorage is unavailable, there is no stored draft to remove.
  }
}
