import type { PasswordCost } from '../../config/index.ts';
import type { Database, Executor } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import type { BrowserCookies, Entrance, Passkeys, SignedIn } from '../../people/index.ts';
import type { Framing } from '../../words/index.ts';
import type { EnrollmentDeps } from '../ports.ts';

/** Dependencies of the enrollment pages. */
export interface EnrollDeps extends EnrollmentDeps {
  readonly db: Database;
  readonly cookies: BrowserCookies;
  readonly signedIn: SignedIn;
  readonly framing: Framing;
  readonly entrance: Entrance;
  readonly passkeys: Passkeys;
  readonly passwordCost: PasswordCost;
  /** True if browsers use HTTPS. */
  readonly secure: boolean;
  /** Emails a confirmation link; the account doesn't have the address until it is followed. */
  confirmEmail(tx: Executor, accountId: AccountId, email: string): Promise<void>;
}
