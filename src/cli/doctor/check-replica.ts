import type { Config } from '../../config/index.ts';
import {
  type Executor,
  findDistributedTables,
  measureReplayLag,
  NO_READ_STANDBY,
  openDatabase,
  readPrimaryIdentity,
  requireStandbyOf,
} from '../../database/index.ts';
import { probeContents } from '../../fhir/index.ts';
import { seconds } from '../../kernel/index.ts';
import { type DoctorFinding, errorFinding, okFinding, warningFinding } from './finding.ts';

/** Bytes of changes that a standby may lack before that is reported. A large load writes more for a while. */
const MAX_LAG_BYTES = 64_000_000;

/**
 * Checks the standby for reads, if there is one. Its problems are warnings, because the server then reads everything from
 * the primary.
 */
export async function checkReplica(db: Executor, { databaseReadUrl }: Config): Promise<readonly DoctorFinding[]> {
  if (databaseReadUrl === undefined) return [];
  if ((await findDistributedTables(db)).length > 0)
    return [errorFinding('replica', NO_READ_STANDBY, 'Remove it, and restart the servers.')];
  const standby = openDatabase({ connectionString: databaseReadUrl }, 1, seconds(10), { standby: true });
  try {
    await requireStandbyOf(await readPrimaryIdentity(db), standby);
    await standby.query(probeContents);
    const bytes = await measureReplayLag(db, standby);
    const behind = `${(bytes / 1e6).toFixed(1)} MB of changes behind`;
    return [
      bytes > MAX_LAG_BYTES
        ? warningFinding(
            'replica',
            `the standby in DATABASE_READ_URL is ${behind}.`,
            'What has changed lately is read from the primary. Check the network and the disk of the standby, and whether replay is paused.',
          )
        : okFinding('replica', `the standby in DATABASE_READ_URL is ${behind}`),
    ];
  } catch (error) {
    return [
      warningFinding(
        'replica',
        `the standby in DATABASE_READ_URL can’t be used: ${error instanceof Error ? error.message : String(error)}.`,
        'Everything is read from the primary meanwhile. docs/production.md says what a standby needs.',
      ),
    ];
  } finally {
    await standby.close();
  }
}
