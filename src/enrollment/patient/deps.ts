import type { PasswordCost } from '../../config/index.ts';
import type { Database, Executor } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import type { BrowserCookies, Entrance, Passkeys, SignedIn } from '../../people/index.ts';
import type { Framing } from '../../words/index.ts';
import type { EnrollmentDeps } from '../ports.ts';

/** What the pages of whoever was invited need. */
export interface EnrollDeps extends EnrollmentDeps {
  readonly db: Database;
  readonly cookies: BrowserCookies;
  readonly signedIn: SignedIn;
  readonly framing: Framing;
  readonly entrance: Entrance;
  readonly passkeys: Passkeys;
  readonly passwordCost: PasswordCost;
  /** Whether the browser comes by https. */
  readonly secure: boolean;
  /** Asks by mail whether an address is the account's; until that is answered it is not. */
  confirmEmail(tx: Executor, accountId: AccountId, email: string): Promise<void>;
}
