import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { Language } from '../../i18n/index.ts';
import { type AccountId, isUuid, type PracticeId, type RecordId } from '../../kernel/index.ts';
import type { CodeChannel, Invitation, InvitationState } from '../contract.ts';
import { lastFullDay } from './last-day.ts';
import { MAX_WRONG_ANSWERS, OPEN_INVITATION } from './open-invitation.ts';

const COLUMNS = {
  invitation_id: 'uuid',
  kind: 'text',
  practice_id: 'int4',
  record_id: 'int8',
  related_person_id: 'uuid?',
  name: 'text',
  email: 'text?',
  language: 'text',
  state: 'text',
  created_at: 'timestamptz',
  expires_at: 'timestamptz',
  code_by: 'text?',
  code_expires_at: 'timestamptz?',
  used_by: 'uuid?',
  wrong_hash: 'bytea?',
} as const;
/** SQL that selects enrollment invitations with their state. Parameter `$1` is the current time. */
const SELECT = `select i.invitation_id, i.kind, i.practice_id, i.record_id, i.related_person_id, i.name, i.email, i.language,
    case when i.used_at is not null then 'used' when i.cancelled_at is not null then 'cancelled'
      when i.failures >= ${MAX_WRONG_ANSWERS} then 'failed' when i.expires_at <= $1 then 'expired'
      when i.declined_at is not null then 'declined' else 'open' end as state,
    i.created_at, i.expires_at, case when i.code_expires_at > $1 then i.code_by end as code_by, i.code_expires_at,
    i.used_by, i.wrong_hash
  from invitation i where i.kind in ('patient', 'representative')`;

const byRecord = statement(
  'enrollment.invitations.of-record',
  COLUMNS,
  `${SELECT} and i.record_id = $2 order by i.created_at desc, i.invitation_id`,
);
const byId = statement('enrollment.invitation.by-id', COLUMNS, `${SELECT} and i.invitation_id = $2`);
const inPractice = statement(
  'enrollment.invitation.in-practice',
  COLUMNS,
  `${SELECT} and i.invitation_id = $2 and i.practice_id = $3`,
);
const byHash = statement('enrollment.invitation.by-hash', COLUMNS, `${SELECT} and i.hash = $2`);
const insert = statement(
  'enrollment.invitation.insert',
  {},
  `insert into invitation (invitation_id, kind, practice_id, record_id, related_person_id, name, email, hash, language,
     created_by, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
);
const renew = statement(
  'enrollment.invitation.renew',
  { invitation_id: 'uuid' },
  `update invitation i set hash = $3, expires_at = $4, step_hash = null, step_expires_at = null
   where i.invitation_id = $2 and ${OPEN_INVITATION} returning i.invitation_id`,
);
const cancel = statement(
  'enrollment.invitation.cancel',
  { record_id: 'int8' },
  `update invitation i set cancelled_at = $1 where i.invitation_id = $2 and ${OPEN_INVITATION} returning i.record_id`,
);
/**
 * Cancels the unused invitations of one person for a record. Declined invitations are canceled too, because they would
 * become valid again if the person undid the decision.
 */
const cancelOthers = statement(
  'enrollment.invitation.cancel-others',
  { invitation_id: 'uuid' },
  `update invitation set cancelled_at = $1
   where record_id = $2 and kind = $3 and related_person_id is not distinct from $4
     and used_at is null and cancelled_at is null and expires_at > $1 returning invitation_id`,
);
const setCode = statement(
  'enrollment.invitation.set-code',
  { invitation_id: 'uuid' },
  `update invitation i set code_hash = $3, code_by = $4, code_expires_at = least($5, i.expires_at), step_hash = null,
     step_answers = null
   where i.invitation_id = $2 and ${OPEN_INVITATION} returning i.invitation_id`,
);

/** An invitation with the details that the practice portal doesn't get. */
export interface StoredInvitation extends Invitation {
  readonly practiceId: PracticeId;
  /** Time when the newest verification code expires, which may be in the past; undefined if no code was created. */
  readonly codeExpiresAt: Date | undefined;
  /** Account that was created with the invitation, or to which the record was added. */
  readonly usedBy: AccountId | undefined;
  /** SHA-256 of the last wrong answers to the identity questions. */
  readonly lastWrongHash: Buffer | undefined;
}

export interface NewEnrollmentInvitation
  extends Pick<StoredInvitation, 'invitationId' | 'kind' | 'practiceId' | 'recordId'> {
  readonly relatedPersonId: string | undefined;
  readonly name: string;
  readonly email: string | undefined;
  readonly hash: Buffer;
  readonly language: Language;
  readonly createdBy: AccountId | undefined;
  readonly now: Date;
  readonly expiresAt: Date;
}

export async function saveInvitation(tx: Executor, invitation: NewEnrollmentInvitation): Promise<void> {
  const { invitationId, kind, practiceId, recordId, relatedPersonId, name, email, hash, language } = invitation;
  const identity = [invitationId, kind, practiceId, recordId, relatedPersonId, name, email, hash, language];
  await tx.query(insert, [...identity, invitation.createdBy, invitation.now, invitation.expiresAt]);
}

/** Lists the invitations for a record, the newest first. */
export const listInvitations = async (db: Executor, recordId: RecordId, now: Date): Promise<StoredInvitation[]> =>
  (await db.query(byRecord, [now, recordId])).map((row) => toInvitation(row, now));

export async function findInvitation(
  db: Executor,
  invitationId: string,
  now: Date,
): Promise<StoredInvitation | undefined> {
  return isUuid(invitationId) ? firstInvitation(await db.query(byId, [now, invitationId]), now) : undefined;
}

export async function findInvitationInPractice(
  db: Executor,
  { practiceId, invitationId }: { readonly practiceId: PracticeId; readonly invitationId: string },
  now: Date,
): Promise<StoredInvitation | undefined> {
  return isUuid(invitationId)
    ? firstInvitation(await db.query(inPractice, [now, invitationId, practiceId]), now)
    : undefined;
}

/** Finds an invitation by the hash of the token in its link, or of the code in its letter. */
export const findInvitationByHash = async (
  db: Executor,
  hash: Buffer,
  now: Date,
): Promise<StoredInvitation | undefined> => firstInvitation(await db.query(byHash, [now, hash]), now);

interface InvitationRenewal {
  readonly invitationId: string;
  readonly hash: Buffer;
  readonly now: Date;
  readonly expiresAt: Date;
}

/**
 * Replaces the token of an open invitation. The previous link or letter code no longer works.
 * @returns false if the invitation wasn't open
 */
export const renewInvitation = async (tx: Executor, { invitationId, hash, now, expiresAt }: InvitationRenewal) =>
  (await tx.query(renew, [now, invitationId, hash, expiresAt])).length > 0;

/** Cancels an open invitation. @returns the record of the invitation; `undefined` if the invitation wasn't open */
export async function cancelInvitation(tx: Executor, invitationId: string, now: Date): Promise<RecordId | undefined> {
  const [row] = isUuid(invitationId) ? await tx.query(cancel, [now, invitationId]) : [];
  return row?.record_id as RecordId | undefined;
}

/**
 * Cancels all unused invitations of a person for a record. It is called before a new one is created.
 * @returns their ids
 */
export async function cancelOtherInvitations(
  tx: Executor,
  { recordId, kind, relatedPersonId }: Pick<StoredInvitation, 'recordId' | 'kind' | 'relatedPersonId'>,
  now: Date,
): Promise<readonly string[]> {
  const canceled = await tx.query(cancelOthers, [now, recordId, kind, relatedPersonId]);
  return canceled.map(({ invitation_id }) => invitation_id);
}

interface NewVerificationCode {
  readonly invitationId: string;
  readonly hash: Buffer;
  readonly channel: CodeChannel;
  readonly now: Date;
  readonly expiresAt: Date;
}

/**
 * Replaces the verification code of an open invitation. Anyone who answered the identity questions with the previous
 * code must answer again.
 * @returns false if the invitation wasn't open
 */
export const saveVerificationCode = async (
  tx: Executor,
  { invitationId, hash, channel, now, expiresAt }: NewVerificationCode,
) => (await tx.query(setCode, [now, invitationId, hash, channel, expiresAt])).length > 0;

const firstInvitation = ([row]: readonly RowOf<typeof COLUMNS>[], now: Date) =>
  row === undefined ? undefined : toInvitation(row, now);

const toInvitation = (row: RowOf<typeof COLUMNS>, now: Date): StoredInvitation => ({
  invitationId: row.invitation_id,
  kind: row.kind as Invitation['kind'],
  practiceId: row.practice_id as PracticeId,
  recordId: row.record_id as RecordId,
  relatedPersonId: row.related_person_id ?? undefined,
  name: row.name,
  email: row.email ?? undefined,
  language: row.language as Language,
  state: row.state as InvitationState,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastDay: lastFullDay(row.expires_at, now),
  codeChannel: (row.code_by ?? undefined) as CodeChannel | undefined,
  codeExpiresAt: row.code_expires_at ?? undefined,
  usedBy: (row.used_by ?? undefined) as AccountId | undefined,
  lastWrongHash: row.wrong_hash ?? undefined,
});
