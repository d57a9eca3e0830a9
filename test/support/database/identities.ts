import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findObstacle } from '../../../src/database/embedded/database-user.ts';

/** A user that a test's program runs as. */
export interface Identity {
  readonly name: string;
  readonly spawnAs?: { readonly uid: number; readonly gid: number };
}

/** The current user. If that is root and other users can read the checkout, an ordinary user as well. */
export function identities(): readonly [Identity, ...Identity[]] {
  if (process.getuid?.() !== 0) return [{ name: 'as this user' }];
  const ordinary = ordinaryUser();
  return [{ name: 'as root' }, ...(ordinary === undefined ? [] : [ordinary])];
}

/** The current user alone, for tests that don't depend on the user. Deep runs use all users. */
export const usualIdentities = (): readonly Identity[] =>
  process.env['DEEP'] === '1' ? identities() : identities().slice(0, 1);

function ordinaryUser(): Identity | undefined {
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'daemon');
  if (entry === undefined) return undefined;
  const user = { name: 'daemon', uid: Number(entry[2]), gid: Number(entry[3]) };
  const needed = [process.execPath, fileURLToPath(new URL('.', import.meta.url))];
  if (needed.some((place) => findObstacle(user, place) !== undefined)) return undefined;
  return { name: 'as an ordinary user', spawnAs: { uid: user.uid, gid: user.gid } };
}
