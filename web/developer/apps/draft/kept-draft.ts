import type { AppAnswer, AppDraft } from '../../../../src/portal/contract/apps.ts';

/** Drafts are stored for this tab only: the draft of a new app, or the changed settings of an existing one. */
const placeOf = (clientId: string | undefined): string => (clientId === undefined ? 'new-app' : `app:${clientId}`);

export interface KeptDraft {
  readonly draft: AppDraft;
  /** Data URL of the scaled-down logo. */
  readonly logo?: string | undefined;
  /** Validity of the first secret in days; null for no expiry. */
  readonly secretDays?: number | null | undefined;
  /** Keys were entered. They are not stored. */
  readonly hadKeys: boolean;
  /** Revision that the changes are based on, so that changes by others since then aren't overwritten. */
  readonly revision?: AppAnswer['revision'] | undefined;
}

export function readKept(clientId?: string): KeptDraft | undefined {
  try {
    const text = sessionStorage.getItem(placeOf(clientId));
    return text === null ? undefined : (JSON.parse(text) as KeptDraft);
  } catch {
    return undefined;
  }
}

/** Stores the draft without keys, even public ones, in case a private key was pasted by mistake. */
export function keep(
  draft: AppDraft,
  { logo, secretDays }: Pick<KeptDraft, 'logo' | 'secretDays'> = {},
  of?: Pick<AppAnswer, 'clientId' | 'revision'>,
): void {
  const { jwks, ...rest } = draft;
  const metadata: Omit<KeptDraft, 'draft'> = {
    logo,
    secretDays,
    hadKeys: jwks !== undefined,
    revision: of?.revision,
  };
  try {
    sessionStorage.setItem(placeOf(of?.clientId), JSON.stringify({ draft: rest, ...metadata }));
  } catch {
    // Storage is unavailable: the input lasts as long as the page.
  }
}

export function forget(clientId?: string): void {
  try {
    sessionStorage.removeItem(placeOf(clientId));
  } catch {
    // Storage is unavailable, so nothing was stored.
  }
}
