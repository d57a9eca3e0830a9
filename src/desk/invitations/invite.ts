import type { Trail } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import {
  type AccountId,
  type Clock,
  days,
  hours,
  later,
  type PracticeId,
  type Random,
  secretText,
  sha256,
} from '../../kernel/index.ts';
import type { Post } from '../../mail/index.ts';
import type { Role } from '../../people/index.ts';
import { minuteOf, wordsIn } from '../../words/index.ts';
import { keepInvitation } from './store.ts';

/** Who runs the installation can do most: their link is good for a day. */
const ADMINISTRATOR_LIFETIME = hours(24);
const STAFF_LIFETIME = days(7);

export interface InviteDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Trail;
  readonly publicUrl: string;
}

/** Who invites. */
export interface Inviter {
  /** undefined: the command line, or the server's first start. */
  readonly accountId: AccountId | undefined;
  readonly requestId?: string;
}

export interface Invited {
  /** Opens `/join/…` once. It is kept as a hash: nobody can be told it again. */
  readonly link: string;
  readonly expiresAt: Date;
}

/** Asks somebody to run the installation: makes practices and their first staff, sees no patient by it. */
export async function inviteAdministrator(
  tx: Executor,
  deps: InviteDeps,
  by: Inviter,
  wanted: { readonly name: string; readonly email?: string | undefined },
): Promise<Invited> {
  const expiresAt = later(deps.clock.now(), ADMINISTRATOR_LIFETIME);
  const asked = { kind: 'administrator', practiceId: undefined, roles: [], practitionerId: undefined } as const;
  return invite(tx, deps, by, { ...asked, name: wanted.name, email: wanted.email, expiresAt });
}

export interface WantedColleague {
  readonly practiceId: PracticeId;
  readonly name: string;
  /** undefined: the link is handed over. */
  readonly email: string | undefined;
  readonly roles: readonly Role[];
  readonly practitionerId: string | undefined;
}

/** Asks somebody to work at a practice. */
export const inviteStaff = (tx: Executor, deps: InviteDeps, by: Inviter, wanted: WantedColleague): Promise<Invited> =>
  invite(tx, deps, by, { kind: 'staff', ...wanted, expiresAt: later(deps.clock.now(), STAFF_LIFETIME) });

type Wanted = Omit<WantedColleague, 'practiceId'> & {
  readonly kind: 'staff' | 'administrator';
  readonly practiceId: PracticeId | undefined;
  readonly expiresAt: Date;
};

async function invite(tx: Executor, deps: InviteDeps, by: Inviter, wanted: Wanted): Promise<Invited> {
  const token = secretText(deps.random);
  const invitationId = deps.random.uuid();
  const now = deps.clock.now();
  await keepInvitation(tx, { ...wanted, invitationId, hash: sha256(token), createdBy: by.accountId, now });
  const { kind, practiceId, roles, practitionerId } = wanted;
  const detail = { action: 'invite', invitation: invitationId, as: kind, practice: practiceId, roles, practitionerId };
  const from = by.accountId === undefined ? { by: 'command line' } : {};
  await deps.audit.recordWithin(tx, {
    kind: 'staff',
    outcome: 'success',
    requestId: by.requestId,
    accountId: by.accountId,
    detail: { ...detail, ...from },
  });
  return { link: `${deps.publicUrl}/join/${token}`, expiresAt: wanted.expiresAt };
}

/** Told instead of that it went. */
export const UNSENT =
  'The invitation is written, but this server sends no mail: it is kept under Mail, where an administrator of the installation finds the link to hand over.';

/** Whose mail it is. */
export interface Sender {
  readonly name: string;
  readonly replyTo: string | undefined;
  /** IANA */
  readonly timeZone: string;
}

/** Goes to the address that was typed in: whoever answers from there has it. */
export async function mailInvitation(
  tx: Executor,
  post: Post,
  sender: Sender,
  { to, name, link, expiresAt }: Invited & { readonly to: string; readonly name: string },
): Promise<void> {
  const text = `Hello ${name},

${sender.name} has invited you to its patient access desk. Open this page to choose your username and password:

${link}

It works once, until ${minuteOf('en', expiresAt, sender.timeZone)}. You will need a passkey or an authenticator app as well: the page helps you set it up.

If you don’t work with ${sender.name}, do nothing.

${wordsIn('en').mail.signature(sender.name)}`;
  const { name: senderName, replyTo } = sender;
  // Of a practice that is made up as well: who is invited there is not.
  await post.queueWithin(tx, {
    to,
    subject: `Your invitation to ${senderName}`,
    text,
    senderName,
    replyTo,
    sandbox: false,
  });
}
