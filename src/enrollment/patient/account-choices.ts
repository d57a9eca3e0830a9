import { isLanguage, type Language } from '../../i18n/index.ts';
import { isEmailAddress, minutes, normalizeEmailAddress } from '../../kernel/index.ts';
import { countUse, type SharedRateLimit } from '../../rate-limit/index.ts';
import { findEmailUses } from '../invitation/enrollment-status.ts';
import { emailRejection, type Invitee } from '../invitation/rules.ts';
import type { EnrollmentPageDeps } from './deps.ts';
import type { OpenedInvitation } from './opened-invitation.ts';
import type { StoredAccountChoices } from './step-store.ts';
import { isUsernameTaken, parseUsername } from './usernames.ts';

/**
 * Limits how often enrollment with one invitation reveals that a username is taken: enough for a common name, too few
 * to list usernames.
 */
const TAKEN_ANSWER_LIMIT: SharedRateLimit = { max: 20, window: minutes(60), name: 'usernames for', separator: ' ' };

export interface AccountChoices {
  readonly username: string;
  /** Email address for the account. Only the page of an invitation by letter asks for it. */
  readonly email: string;
  readonly language: string;
}

export type AccountChoiceError =
  | 'username-empty'
  | 'username-impossible'
  | 'username-taken'
  | 'email-unusable'
  | 'email-of-guardian'
  | 'language';

/**
 * Validates username, email address and language of the new account. If all are valid, returns them as they are stored
 * until the account is created; otherwise returns all errors.
 */
export async function validateChoices(
  deps: EnrollmentPageDeps,
  opened: OpenedInvitation,
  chosen: AccountChoices,
): Promise<StoredAccountChoices | readonly AccountChoiceError[]> {
  const username = parseUsername(chosen.username);
  const email = chosen.email.trim() === '' ? undefined : normalizeEmailAddress(chosen.email);
  const errors = [
    await validateUsername(deps, opened, chosen.username, username),
    email === undefined || opened.invitation.email !== undefined ? undefined : await validateEmail(deps, opened, email),
    isLanguage(chosen.language) ? undefined : 'language',
  ].filter((error): error is AccountChoiceError => error !== undefined);
  if (errors.length > 0 || username === undefined) return errors;
  const language: Language = isLanguage(chosen.language) ? chosen.language : 'en';
  return { username, language, email: opened.invitation.email === undefined ? email : undefined };
}

async function validateUsername(
  deps: EnrollmentPageDeps,
  { invitation }: OpenedInvitation,
  typed: string,
  username: string | undefined,
): Promise<AccountChoiceError | undefined> {
  if (typed.trim() === '') return 'username-empty';
  if (username === undefined) return 'username-impossible';
  if (!(await isUsernameTaken(deps.db, username))) return undefined;
  // After too many answers that a username is taken, the error no longer says so.
  const exceeded = await countUse(deps, TAKEN_ANSWER_LIMIT, invitation.invitationId);
  return exceeded === undefined ? 'username-taken' : 'username-impossible';
}

/**
 * Validates the email address of the new account. The error doesn't reveal whether another account has the address. The
 * owner of that account is informed by email instead.
 */
async function validateEmail(
  deps: EnrollmentPageDeps,
  opened: OpenedInvitation,
  email: string,
): Promise<AccountChoiceError | undefined> {
  if (!isEmailAddress(email)) return 'email-unusable';
  const { chart, invitation } = opened;
  if (invitation.kind === 'representative') return undefined;
  const invitee: Invitee = { kind: 'patient' };
  const uses = await findEmailUses(deps.db, { email, chart, now: deps.clock.now() });
  return emailRejection(chart, invitee, email, uses) === 'address-of-guardian' ? 'email-of-guardian' : undefined;
}
