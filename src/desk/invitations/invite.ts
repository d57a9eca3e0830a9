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

/**
 * An administrator of the installation has the widest rights, so this link expires sooner than those of other staff.
 */
const ADMINISTRATOR_LIFETIME = hours(24);
const STAFF_LIFETIME = days(7);

export interface InviteDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Trail;
  readonly publicUrl: string;
}

export interface Inviter {
  /** undefined when the invitation comes from the command line or the first start of the server. */
  readonly accountId: AccountId | undefined;
  readonly requestId?: string;
}

export interface Invited {
  /** One-time link to `/join/{token}`. Only a hash of the token is stored, so the link can't be shown again. */
  readonly link: string;
  readonly expiresAt: Date;
}

/**
 * Invites an administrator of the installation, who manages practices and their staff but has no access to patient
 * records.
 */
export async function inviteAdministrator(
  tx: Executor,
  deps: InviteDeps,
  inviter: Inviter,
  invitee: { readonly name: string; readonly email?: string | undefined },
): Promise<Invited> {
  const expiresAt = later(deps.clock.now(), ADMINISTRATOR_LIFETIME);
  const fixedFields = { kind: 'administrator', practiceId: undefined, roles: [], practitionerId: undefined } as const;
  return invite(tx, deps, inviter, { ...fixedFields, name: invitee.name, email: invitee.email, expiresAt });
}

export interface WantedColleague {
  readonly practiceId: PracticeId;
  readonly name: string;
  /** undefined: the link is handed over in person. */
  readonly email: string | undefined;
  readonly roles: readonly Role[];
  readonly practitionerId: string | undefined;
}

/** Invites a person to work at a practice. */
export const inviteStaff = (
  tx: Executor,
  deps: InviteDeps,
  inviter: Inviter,
  invitee: WantedColleague,
): Promise<Invited> =>
  invite(tx, deps, inviter, { kind: 'staff', ...invitee, expiresAt: later(deps.clock.now(), STAFF_LIFETIME) });

type Wanted = Omit<WantedColleague, 'practiceId'> & {
  readonly kind: 'staff' | 'administrator';
  readonly practiceId: PracticeId | undefined;
  readonly expiresAt: Date;
};

async function invite(tx: Executor, deps: InviteDeps, inviter: Inviter, invitee: Wanted): Promise<Invited> {
  const token = secretText(deps.random);
  const invitationId = deps.random.uuid();
  const now = deps.clock.now();
  await keepInvitation(tx, { ...invitee, invitationId, hash: sha256(token), createdBy: inviter.accountId, now });
  const { kind, practiceId, roles, practitionerId } = invitee;
  const detail = { action: 'invite', invitation: invitationId, as: kind, practice: practiceId, roles, practitionerId };
  const source = inviter.accountId === undefined ? { by: 'command line' } : {};
  await deps.audit.recordWithin(tx, {
    kind: 'staff',
    outcome: 'success',
    requestId: inviter.requestId,
    accountId: inviter.accountId,
    detail: { ...detail, ...source },
  });
  return { link: `${deps.publicUrl}/join/${token}`, expiresAt: invitee.expiresAt };
}

/** Shown instead of the confirmation when this server sends no email. */
export const UNSENT =
  'The invitation is written, but this server sends no mail: it is kept under Mail, where an administrator of the installation finds the link to hand over.';

/** Practice or installation that the email comes from. */
export interface Sender {
  readonly name: string;
  readonly replyTo: string | undefined;
  /** IANA time zone. */
  readonly timeZone: string;
}

/** Emails the link to the address that was entered. Only the owner of the address can then use the invitation. */
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
  // This also holds for sandbox practices: their patients are made up, but the invited person is real.
  await post.queueWithin(tx, {
    to,
    subject: `Your invitation to ${senderName}`,
    text,
    senderName,
    replyTo,
    sandbox: false,
  });
}
