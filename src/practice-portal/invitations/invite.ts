import type { AuditLog } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import { insertStaffInvitation } from '../../enrollment/index.ts';
import { formatLongDateTime, getMessages } from '../../i18n/index.ts';
import { findProfileByEmail, type StaffRole } from '../../identity/index.ts';
import {
  type AccountId,
  type Clock,
  days,
  hours,
  later,
  type PracticeId,
  type Random,
  randomSecret,
  sha256,
} from '../../kernel/index.ts';
import type { EmailQueue } from '../../mail/index.ts';

/**
 * Lifetime of an invitation link for an administrator of the installation. The link expires sooner than those of other
 * staff, because such an administrator has the widest rights.
 */
const ADMINISTRATOR_LINK_LIFETIME = hours(24);
const STAFF_LINK_LIFETIME = days(7);

export interface StaffInviteDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditLog;
  readonly publicUrl: string;
}

export interface StaffInviter {
  /**
   * Account of the person who invites. undefined if the invitation comes from the command line or the first start of
   * the server.
   */
  readonly accountId: AccountId | undefined;
  readonly requestId?: string;
}

export interface StaffInvitationLink {
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
  deps: StaffInviteDeps,
  inviter: StaffInviter,
  invitee: { readonly name: string; readonly email?: string | undefined },
): Promise<StaffInvitationLink> {
  const expiresAt = later(deps.clock.now(), ADMINISTRATOR_LINK_LIFETIME);
  const fixedFields = { kind: 'administrator', practiceId: undefined, roles: [], practitionerId: undefined } as const;
  return createInvitation(tx, deps, inviter, { ...fixedFields, name: invitee.name, email: invitee.email, expiresAt });
}

export interface NewStaffInvitation {
  readonly practiceId: PracticeId;
  readonly name: string;
  /** Email address for the invitation link. undefined if the link is handed over in person. */
  readonly email: string | undefined;
  readonly roles: readonly StaffRole[];
  readonly practitionerId: string | undefined;
}

/** Invites a person to work at a practice. */
export const inviteStaff = (
  tx: Executor,
  deps: StaffInviteDeps,
  inviter: StaffInviter,
  invitee: NewStaffInvitation,
): Promise<StaffInvitationLink> =>
  createInvitation(tx, deps, inviter, {
    kind: 'staff',
    ...invitee,
    expiresAt: later(deps.clock.now(), STAFF_LINK_LIFETIME),
  });

type InvitationRequest = Omit<NewStaffInvitation, 'practiceId'> & {
  readonly kind: 'staff' | 'administrator';
  readonly practiceId: PracticeId | undefined;
  readonly expiresAt: Date;
};

async function createInvitation(
  tx: Executor,
  deps: StaffInviteDeps,
  inviter: StaffInviter,
  invitee: InvitationRequest,
): Promise<StaffInvitationLink> {
  const token = randomSecret(deps.random);
  const invitationId = deps.random.uuid();
  const now = deps.clock.now();
  await insertStaffInvitation(tx, { ...invitee, invitationId, hash: sha256(token), createdBy: inviter.accountId, now });
  const { kind, practiceId, roles, practitionerId } = invitee;
  const detail = { action: 'invite', invitation: invitationId, as: kind, practice: practiceId, roles, practitionerId };
  const source = inviter.accountId === undefined ? { by: 'command line' } : {};
  await deps.audit.appendInTransaction(tx, {
    kind: 'staff',
    outcome: 'success',
    requestId: inviter.requestId,
    accountId: inviter.accountId,
    detail: { ...detail, ...source },
  });
  return { link: `${deps.publicUrl}/join/${token}`, expiresAt: invitee.expiresAt };
}

/** The practice or installation in whose name an invitation email is sent. */
export interface InvitationSender {
  readonly name: string;
  /** undefined for the installation. */
  readonly practiceId?: PracticeId;
  readonly phone?: string | undefined;
  readonly replyTo: string | undefined;
  /** IANA time zone of the times in the email. */
  readonly timeZone: string;
}

/**
 * Emails the invitation link to the entered address. Only the owner of that address can then use the invitation. The
 * email is in the language of the account that has this address, or in English if there is none.
 */
export async function queueInvitationEmail(
  tx: Executor,
  post: EmailQueue,
  sender: InvitationSender,
  { to, name, link, expiresAt }: StaffInvitationLink & { readonly to: string; readonly name: string },
): Promise<void> {
  const { language = 'en' } = (await findProfileByEmail(tx, to)) ?? {};
  const { subject, text, button } = getMessages(language).practicePortal.invitations.email;
  const { name: senderName, practiceId, phone, replyTo } = sender;
  const until = formatLongDateTime(language, expiresAt, sender.timeZone);
  // The email isn't marked as sandbox email, so it is sent for sandbox practices too: their patients are made up, but
  // the invited person is real.
  await post.queueInTransaction(tx, {
    to,
    subject: subject(senderName),
    text: text({ sender: senderName, name, link, until }),
    language,
    button: { label: button, url: link },
    senderName,
    practiceId,
    contact: { phone, email: replyTo },
    reason: 'invitation',
    replyTo,
    sandbox: false,
  });
}
