import type { PasswordCost } from '../config/index.ts';
import type { Database, Executor } from '../database/index.ts';
import type { AccountId, ClientId, Clock, PracticeId, Random } from '../kernel/index.ts';
import type { Framing } from '../words/index.ts';
import type { BrowserCookies } from './browser.ts';
import type { Entrance } from './entrance.ts';
import type { Passkeys } from './passkeys/passkeys.ts';
import type { PeopleAudit, PeoplePages, PeoplePost } from './ports.ts';

export interface PeopleDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly cookies: BrowserCookies;
  readonly audit: PeopleAudit;
  readonly post: PeoplePost;
  readonly pages: PeoplePages;
  readonly framing: Framing;
  readonly entrance: Entrance;
  readonly passkeys: Passkeys;
  readonly passwordCost: PasswordCost;
  readonly publicUrl: string;
  /** Of the operator: mail is from it. */
  readonly brandName: string;
  readonly sandbox: boolean;
  /** The name of an app, for the page to say who sent the person. */
  appName(clientId: ClientId): Promise<string | undefined>;
  /** The practice whose people are sent to sign in with this address to go back to, where it tells. */
  practiceOf(returnTo: URL): Promise<PracticeId | undefined>;
  /** Ends all that apps hold through an account, for good. */
  endAccessOf(tx: Executor, accountId: AccountId): Promise<void>;
  /**
   * Has a developer belong to no organization any more.
   * @returns names of those that nobody else administers and others belong to: then nothing was changed
   */
  leaveOrganisations(tx: Executor, accountId: AccountId): Promise<readonly string[]>;
}
