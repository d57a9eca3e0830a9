import type { Executor } from '../../database/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { listSigningKeys } from '../../oauth/index.ts';
import { type DoctorFinding, errorFinding, okFinding, warningFinding } from './finding.ts';

const OLD_DAYS = 365;
const DAY_MS = 86_400_000;

/** Checks the keys that sign id_tokens. */
export async function checkKeys(db: Executor, clock: Clock): Promise<readonly DoctorFinding[]> {
  const signing = (await listSigningKeys(db, clock)).filter(({ status }) => status === 'signs');
  if (signing.length === 0)
    return [errorFinding('keys', 'no active signing key for id_tokens.', 'Start the server. It creates missing keys.')];
  const newest = Math.max(...signing.map(({ activeFrom }) => activeFrom.getTime()));
  const days = Math.floor((clock.now().getTime() - newest) / DAY_MS);
  return [
    days > OLD_DAYS
      ? warningFinding(
          'keys',
          `the newest signing key is ${days} days old.`,
          'Create new keys: patient-access keys rotate',
        )
      : okFinding('keys', `active signing keys: ${signing.length}; age of the newest in days: ${days}`),
  ];
}
