import { minutes } from '../../kernel/index.ts';
import { foldAddress, isAddress } from '../../mail/index.ts';
import { countOver } from '../../people/index.ts';
import { isLanguage, type Language } from '../../words/index.ts';
import { emailFault, type Invitee } from '../invitation/rules.ts';
import { usesOf } from '../invitation/standing.ts';
import type { EnrollDeps } from './deps.ts';
import type { Opened } from './opened.ts';
import type { StepAnswers } from './step-store.ts';
import { isTaken, readUsername } from './usernames.ts';

/**
 * Limits how many "username taken" answers one invitation gets: enough for a common name, too few to list usernames.
 */
const TAKEN_TOLD = { most: 20, window: minutes(60) };

export interface Chosen {
  readonly username: string;
  /** Only asked if the invitation was a letter. */
  readonly email: string;
  readonly language: string;
}

export type ChoiceFault =
  | 'username-empty'
  | 'username-impossible'
  | 'username-taken'
  | 'email-unusable'
  | 'email-of-guardian'
  | 'language';

/** Validates the choices; returns them as they are stored between the steps, or all errors. */
export async function readChoice(
  deps: EnrollDeps,
  opened: Opened,
  chosen: Chosen,
): Promise<StepAnswers | readonly ChoiceFault[]> {
  const username = readUsername(chosen.username);
  const email = chosen.email.trim() === '' ? undefined : foldAddress(chosen.email);
  const errors = [
    await usernameFault(deps, opened, chosen.username, username),
    email === undefined || opened.invitation.email !== undefined ? undefined : await addressFault(deps, opened, email),
    isLanguage(chosen.language) ? undefined : 'language',
  ].filter((error): error is ChoiceFault => error !== undefined);
  if (errors.length > 0 || username === undefined) return errors;
  const language: Language = isLanguage(chosen.language) ? chosen.language : 'en';
  return { username, language, email: opened.invitation.email === undefined ? email : undefined };
}

async function usernameFault(
  { db, clock }: EnrollDeps,
  { invitation }: Opened,
  typed: string,
  username: string | undefined,
): Promise<ChoiceFault | undefined> {
  if (typed.trim() === '') return 'username-empty';
  if (username === undefined) return 'username-impossible';
  if (!(await isTaken(db, username))) return undefined;
  // Beyond the limit the answer no longer reveals whether a username exists.
  const exceeded = await countOver(db, clock, `usernames for ${invitation.invitationId}`, TAKEN_TOLD);
  return exceeded === undefined ? 'username-taken' : 'username-impossible';
}

/** Whether another account has the address is not revealed here; its owner is informed by email. */
async function addressFault(deps: EnrollDeps, opened: Opened, email: string): Promise<ChoiceFault | undefined> {
  if (!isAddress(email)) return 'email-unusable';
  const { chart, invitation } = opened;
  if (invitation.kind === 'representative') return undefined;
  const invitee: Invitee = { kind: 'patient' };
  const uses = await usesOf(deps.db, { email, chart, now: deps.clock.now() });
  return emailFault(chart, invitee, email, uses) === 'address-of-guardian' ? 'email-of-guardian' : undefined;
}
