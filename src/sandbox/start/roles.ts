import type { Executor } from '../../database/index.ts';
import { findProfileByUsername } from '../../identity/index.ts';
import {
  SANDBOX_ADMINISTRATOR_USERNAME,
  SANDBOX_DESK_USERNAME,
  SANDBOX_DEVELOPER_USERNAME,
  SANDBOX_STAFF_USERNAME,
  SANDBOX_USERNAME,
} from '../published-credentials.ts';

/** The shared accounts of the start page, and the page that each opens. */
export const SHARED_ACCOUNTS = {
  patient: { username: SANDBOX_USERNAME, path: '/account' },
  desk: { username: SANDBOX_DESK_USERNAME, path: '/practice' },
  clinician: { username: SANDBOX_STAFF_USERNAME, path: '/practice' },
  developer: { username: SANDBOX_DEVELOPER_USERNAME, path: '/developer' },
  administrator: { username: SANDBOX_ADMINISTRATOR_USERNAME, path: '/review' },
} as const;

export type SharedRole = keyof typeof SHARED_ACCOUNTS;

export const isSharedRole = (text: unknown): text is SharedRole =>
  typeof text === 'string' && Object.hasOwn(SHARED_ACCOUNTS, text);

/**
 * Returns the roles whose shared account exists. It can be missing if a person took its username before the sandbox was
 * filled.
 */
export async function listSharedRoles(db: Executor): Promise<ReadonlySet<SharedRole>> {
  const roles = Object.keys(SHARED_ACCOUNTS).filter(isSharedRole);
  const profiles = await Promise.all(roles.map((role) => findProfileByUsername(db, SHARED_ACCOUNTS[role].username)));
  return new Set(roles.filter((_role, index) => profiles[index]?.published === true));
}
