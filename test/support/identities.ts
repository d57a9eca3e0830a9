import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { obstacleFor } from '../../src/database/embedded/database-user.ts';

/** As whom a program of a test runs. */
export interface Identity {
  readonly name: string;
  readonly spawnAs?: { readonly uid: number; readonly gid: number };
}

/** Ourselves; and, when that is root and the checkout is no private one, an ordinary user too. */
export function identities(): readonly [Identity, ...Identity[]] {
  if (process.getuid?.() !== 0) return [{ name: 'as this user' }];
  const ordinary = ordinaryUser();
  return [{ name: 'as root' }, ...(ordinary === undefined ? [] : [ordinary])];
}

/** Ourselves alone, for what does not depend on the user. With DEEP=1 all. */
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
  if (needed.some((place) => obstacleFor(user, place) !== undefined)) return undefined;
  return { name: 'as an ordinary user', spawnAs: { uid: user.uid, gid: user.gid } };
}
