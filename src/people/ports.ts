import type { AccountId, ClientId } from '../kernel/index.ts';

/** The audit trail, as sign-in needs it. */
export interface PeopleAudit {
  record(event: {
    readonly kind: 'sign-in' | 'sign-out';
    readonly outcome: 'success' | 'failure';
    readonly requestId: string;
    readonly accountId?: AccountId | undefined;
    readonly clientId?: ClientId | undefined;
  }): Promise<void>;
}

export interface SignInPage {
  /** Where to go when it is done: a path of this server. */
  readonly returnTo: string;
  readonly csrf: string;
  readonly username: string;
  /** What went wrong with the last try, in a person's words. */
  readonly fault?: string;
  /** Name of the app that sent the person, when one did. */
  readonly appName?: string;
  /** Whether to show the sandbox's credentials. */
  readonly sandbox: boolean;
}

/** HTML of the pages of this room. */
export interface PeoplePages {
  signIn(page: SignInPage): string;
  signedOut(): string;
}
