import type { AppAnswer, AppDraft } from '../../../../src/portal/contract/apps.ts';

/** Drafts are kept in this tab alone, and gone with it: a new app, or one whose settings are being changed. */
const placeOf = (clientId: string | undefined): string => (clientId === undefined ? 'new-app' : `app:${clientId}`);

export interface KeptDraft {
  readonly draft: AppDraft;
  /** A small picture, as a data: address. */
  readonly logo?: string | undefined;
  /** Days that its first secret is to be good; null: until it is ended. */
  readonly secretDays?: number | null | undefined;
  /** Keys were entered: they are not kept. */
  readonly hadKeys: boolean;
  /** Of the app when its settings began to be changed: what somebody else changed since is not overwritten. */
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

/** Keys and secrets are left out, public ones too: what is pasted by mistake must not lie about. */
export function keep(
  draft: AppDraft,
  { logo, secretDays }: Pick<KeptDraft, 'logo' | 'secretDays'> = {},
  of?: Pick<AppAnswer, 'clientId' | 'revision'>,
): void {
  const { jwks, ...rest } = draft;
  const kept: Omit<KeptDraft, 'draft'> = {
    logo,
    secretDays,
    hadKeys: jwks !== undefined,
    revision: of?.revision,
  };
  try {
    sessionStorage.setItem(placeOf(of?.clientId), JSON.stringify({ draft: rest, ...kept }));
  } catch {
    // A browser that keeps nothing: what was entered lasts as long as the page.
  }
}

export function forget(clientId?: string): void {
  try {
    sessionStorage.removeItem(placeOf(clientId));
  } catch {
    // Nothing was kept.
  }
}
