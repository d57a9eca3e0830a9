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
  /** Brand name of the operator, which is the sender name of emails. */
  readonly brandName: string;
  readonly sandbox: boolean;
  /** Name of a registered app, for the sign-in page; `undefined` if there is no such app. */
  appName(clientId: ClientId): Promise<string | undefined>;
  /**
   * The practice whose brand the sign-in page shows, if the return address belongs to a practice's launch or
   * invitation.
   */
  practiceOf(returnTo: URL): Promise<PracticeId | undefined>;
  /** Permanently ends all access that apps have through an account. */
  endAccessOf(tx: Executor, accountId: AccountId): Promise<void>;
  /**
   * Removes a developer from all organizations.
   * @returns names of the organizations that have other members and would be left without an administrator; if there
   * are any, nothing is changed
   */
  leaveOrganisations(tx: Executor, accountId: AccountId): Promise<readonly string[]>;
}
