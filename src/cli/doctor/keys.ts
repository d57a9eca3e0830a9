import type { Executor } from '../../database/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { listKeys } from '../../oauth/index.ts';
import { broken, type Finding, fine, look } from './checkup.ts';

const OLD_DAYS = 365;
const DAY = 86_400_000;

/** Checks the keys that sign id_tokens. */
export async function checkKeys(db: Executor, clock: Clock): Promise<readonly Finding[]> {
  const signing = (await listKeys(db, clock)).filter(({ standing }) => standing === 'signs');
  if (signing.length === 0)
    return [broken('keys', 'no key signs id_tokens.', 'Start the server: it makes those that are missing.')];
  const newest = Math.max(...signing.map(({ activeFrom }) => activeFrom.getTime()));
  const days = Math.floor((clock.now().getTime() - newest) / DAY);
  return [
    days > OLD_DAYS
      ? look('keys', `the newest is ${days} days old.`, 'Make new ones: patient-access keys rotate')
      : fine('keys', `${signing.length} sign, the newest since ${days} days`),
  ];
}
