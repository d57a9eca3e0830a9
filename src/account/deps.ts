import type { Trail } from '../audit/index.ts';
import type { Database } from '../database/index.ts';
import type { Clock } from '../kernel/index.ts';
import type { Post } from '../mail/index.ts';
import type { Addresses, SensitiveLabel, ServedTypes } from '../oauth/index.ts';
import type { BrowserCookies, SignedIn } from '../people/index.ts';
import type { Framing } from '../words/index.ts';

export interface AccountDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: Trail;
  readonly signedIn: Pick<SignedIn, 'patient'>;
  readonly cookies: Pick<BrowserCookies, 'csrf' | 'requireCsrf'>;
  readonly framing: Framing;
  readonly post: Post;
  readonly types: ServedTypes;
  readonly addresses: Addresses;
  /** Security labels that need a permission of their own. */
  readonly sensitive: readonly SensitiveLabel[];
  readonly provisionalApps: 'sandbox' | 'inactive';
  /** Drops the cached access tokens of this family, so that their next use is checked in the database. */
  forgetFamily(familyId: string): void;
}
