import type { Trail } from '../audit/index.ts';
import type { PasswordCost } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { Clock, Random } from '../kernel/index.ts';
import type { OpenPost } from '../mail/index.ts';
import type { ServedTypes } from '../oauth/index.ts';
import type { BrowserCookies, SignedIn } from '../people/index.ts';
import type { Framing } from '../words/index.ts';

/** Dependencies of the practice administration pages. */
export interface OfficeDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Trail;
  readonly cookies: BrowserCookies;
  readonly signedIn: SignedIn;
  readonly passwordCost: PasswordCost;
  readonly framing: Framing;
  readonly post: OpenPost;
  readonly types: Pick<ServedTypes, 'aliases'>;
  readonly publicUrl: string;
  /** Display name of the installation. */
  readonly brandName: string;
}
