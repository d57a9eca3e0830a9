import { archiveFolder } from '../../audit/index.ts';
import { type Executor, findDistributedTables } from '../../database/index.ts';
import type { Installation } from '../../installation.ts';
import { systemClock as clock } from '../../kernel/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import { listUnfinished, START_AGAIN } from '../data/unfinished-loads.ts';
import { withInstallation } from '../with-installation.ts';
import { checkAudit } from './check-audit.ts';
import { checkBackup } from './check-backup.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkDatabase, checkDisk } from './check-database.ts';
import { checkEncryption } from './check-encryption.ts';
import { checkFeeds } from './check-feeds.ts';
import { checkIndexes } from './check-indexes.ts';
import { checkJobs } from './check-jobs.ts';
import { checkKeys } from './check-keys.ts';
import { checkMail } from './check-mail.ts';
import { checkNodes } from './check-nodes.ts';
import { checkPractices } from './check-practices.ts';
import { checkReplica } from './check-replica.ts';
import { checkRestore } from './check-restore.ts';
import { checkRights } from './check-rights.ts';
import { checkSize } from './check-size.ts';
import { checkStatements } from './check-statements.ts';
import { checkTransactions } from './check-transactions.ts';
import { checkVacuum } from './check-vacuum.ts';
import { checkValidation } from './check-validation.ts';
import { type DoctorFinding, findingJson, findingText, warningFinding } from './finding.ts';

export async function doctorCommand(input: CommandInput): Promise<number> {
  const now = clock.now();
  const findings = await withInstallation(input, async (installation) => findAll(input, installation, now));
  printResult(input, findings.map(findingJson), findings.map(findingText).join('\n'));
  return findings.some(({ level }) => level === 'error') ? 1 : 0;
}

async function findAll(input: CommandInput, installation: Installation, now: Date): Promise<readonly DoctorFinding[]> {
  const { db, dataDir } = installation;
  const distributed = await findDistributedTables(db);
  return [
    ...checkConfiguration(input.config),
    ...(await checkDatabase(db)),
    ...(await checkRights(db, dataDir)),
    ...(await checkReplica(db, input.config)),
    ...(await checkDisk(dataDir)),
    ...(await checkNodes(db, now)),
    ...(await checkSize(db, now, distributed)),
    ...(await checkVacuum(db)),
    ...(await checkIndexes(db, now, distributed)),
    ...(await checkTransactions(db)),
    ...(await checkStatements(db)),
    ...(await checkKeys(db, clock)),
    ...(await checkEncryption(input, installation)),
    ...(await checkMail(db, input.config, now)),
    ...(await checkJobs(db, now)),
    ...(await checkAudit(db, archiveFolder(input.config.auditArchiveDir, dataDir), now)),
    ...(await checkRestore(db, archiveFolder(input.config.auditArchiveDir, dataDir))),
    ...(await checkBackup(db, { walArchive: input.config.walArchiveDir, dataDir, now })),
    ...(await checkPractices(db)),
    ...(await checkValidation(input.config)),
    ...(await checkFeeds(db, clock)),
    ...(await checkLoads(db, now)),
  ];
}

const checkLoads = async (db: Executor, now: Date): Promise<readonly DoctorFinding[]> =>
  (await listUnfinished(db, now)).map(({ message }) => warningFinding('loads', message, START_AGAIN));
