import type { CliCommand, RunCommand } from './command.ts';
import type { CommandDefinition } from './definition.ts';
import {
  ACCOUNTS_LIST,
  ACCOUNTS_LOCK,
  ACCOUNTS_LOST_FACTOR,
  ACCOUNTS_SET_PASSWORD,
  ACCOUNTS_UNLOCK,
  ADMINISTRATORS_INVITE,
  ADMINISTRATORS_LIST,
  STAFF_ADD,
} from './definitions/accounts.ts';
import {
  APPS_ADD,
  APPS_LIST,
  APPS_LOG,
  APPS_SECRET,
  APPS_SET,
  APPS_SET_STATE,
  APPS_SHOW,
  GRANTS_END,
  GRANTS_LIST,
} from './definitions/apps.ts';
import { AUDIT_SEARCH, AUDIT_VERIFY } from './definitions/audit.ts';
import { BACKUP, BACKUP_PRUNE, BACKUP_VERIFY, RESTORE } from './definitions/backup.ts';
import { CITUS_DISTRIBUTE, CITUS_UNDISTRIBUTE } from './definitions/citus.ts';
import {
  DSTU2_REPORT,
  FEED_REJECTED,
  FEED_RETRY,
  LOAD,
  SANDBOX_FILL,
  SANDBOX_GENERATE,
  VALIDATE,
  VALIDATION_ISSUES,
} from './definitions/data.ts';
import {
  PATIENTS_ADD,
  PATIENTS_LIST,
  RECORD_CERTIFICATE,
  RECORD_ERASE,
  RECORD_MERGE,
  RECORD_RETRACT,
  RECORD_UNMERGE,
  REPRESENTATIONS_ADD,
  REPRESENTATIONS_END,
  REPRESENTATIONS_LIST,
} from './definitions/patients.ts';
import { PRACTICES_EXPORT, PRACTICES_IMPORT, PRACTICES_REMOVE } from './definitions/practice-transfer.ts';
import {
  GROUPS_ADD,
  GROUPS_LIST,
  GROUPS_MEMBERS,
  GROUPS_REMOVE,
  GROUPS_RENAME,
  GROUPS_SHOW,
  PRACTICES_ADD,
  PRACTICES_LIST,
  PRACTICES_SET,
} from './definitions/practices.ts';
import {
  AFTER_RESTORE,
  DOCTOR,
  KEYS_CREATE_ENCRYPTION_KEY,
  KEYS_ROTATE,
  KEYS_ROTATE_ENCRYPTION,
  MIGRATE,
  SERVE,
} from './definitions/server.ts';

/** Commands under one title of the help. */
export interface CommandSection {
  readonly title: string;
  readonly commands: readonly CliCommand[];
}

/**
 * All commands, in the order of the help. The module of a command is imported only when that command runs, so that
 * every command starts fast.
 */
export const SECTIONS: readonly CommandSection[] = [
  {
    title: 'Server',
    commands: [
      command(SERVE, async () => (await import('./server/serve.ts')).serveCommand),
      command(MIGRATE, async () => (await import('./server/migrate.ts')).migrateCommand),
      command(CITUS_DISTRIBUTE, async () => (await import('./citus/distribute.ts')).distributeCommand),
      command(CITUS_UNDISTRIBUTE, async () => (await import('./citus/undistribute.ts')).undistributeCommand),
      command(DOCTOR, async () => (await import('./doctor/doctor.ts')).doctorCommand),
      command(BACKUP, async () => (await import('./backup/create.ts')).backupCommand),
      command(BACKUP_VERIFY, async () => (await import('./backup/verify.ts')).verifyBackupCommand),
      command(BACKUP_PRUNE, async () => (await import('./backup/prune.ts')).pruneBackupsCommand),
      command(RESTORE, async () => (await import('./backup/restore.ts')).restoreCommand),
      command(AFTER_RESTORE, async () => (await import('./server/after-restore.ts')).afterRestoreCommand),
      command(KEYS_ROTATE, async () => (await import('./server/keys.ts')).rotateKeysCommand),
      command(
        KEYS_CREATE_ENCRYPTION_KEY,
        async () => (await import('./server/encryption.ts')).createEncryptionKeyCommand,
      ),
      command(KEYS_ROTATE_ENCRYPTION, async () => (await import('./server/encryption.ts')).rotateEncryptionCommand),
      command(AUDIT_VERIFY, async () => (await import('./audit/verify.ts')).verifyAuditCommand),
      command(AUDIT_SEARCH, async () => (await import('./audit/search.ts')).searchAuditCommand),
    ],
  },
  {
    title: 'Data',
    commands: [
      command(LOAD, async () => (await import('./data/load.ts')).loadCommand),
      command(VALIDATE, async () => (await import('./data/validate.ts')).validateCommand),
      command(VALIDATION_ISSUES, async () => (await import('./data/validation-issues.ts')).validationIssuesCommand),
      command(FEED_REJECTED, async () => (await import('./data/feed.ts')).rejectedEntriesCommand),
      command(FEED_RETRY, async () => (await import('./data/feed.ts')).retryRejectedCommand),
      command(DSTU2_REPORT, async () => (await import('./data/dstu2-report.ts')).dstu2ReportCommand),
      command(SANDBOX_FILL, async () => (await import('./server/sandbox.ts')).fillSandboxCommand),
      command(SANDBOX_GENERATE, async () => (await import('./server/sandbox.ts')).generateSandboxCommand),
    ],
  },
  {
    title: 'Apps and access',
    commands: [
      command(APPS_LIST, async () => (await import('./apps/list-apps.ts')).listAppsCommand),
      command(APPS_SHOW, async () => (await import('./apps/show-app.ts')).showAppCommand),
      command(APPS_ADD, async () => (await import('./apps/add-app.ts')).addAppCommand),
      command(APPS_SET, async () => (await import('./apps/change-app.ts')).changeAppCommand),
      command(APPS_SET_STATE, async () => (await import('./apps/change-app.ts')).setAppStateCommand),
      command(APPS_SECRET, async () => (await import('./apps/app-secrets.ts')).appSecretCommand),
      command(APPS_LOG, async () => (await import('./apps/list-apps.ts')).appLogCommand),
      command(GRANTS_LIST, async () => (await import('./grants/grants.ts')).listGrantsCommand),
      command(GRANTS_END, async () => (await import('./grants/grants.ts')).endGrantCommand),
    ],
  },
  {
    title: 'Practices and groups',
    commands: [
      command(PRACTICES_LIST, async () => (await import('./practices/practices.ts')).listPracticesCommand),
      command(PRACTICES_ADD, async () => (await import('./practices/practices.ts')).addPracticeCommand),
      command(PRACTICES_SET, async () => (await import('./practices/practices.ts')).changePracticeCommand),
      command(PRACTICES_EXPORT, async () => (await import('./practices/transfer.ts')).exportPracticeCommand),
      command(PRACTICES_IMPORT, async () => (await import('./practices/transfer.ts')).importPracticeCommand),
      command(PRACTICES_REMOVE, async () => (await import('./practices/transfer.ts')).removePracticeCommand),
      command(GROUPS_LIST, async () => (await import('./groups/groups.ts')).listGroupsCommand),
      command(GROUPS_SHOW, async () => (await import('./groups/group-members.ts')).showGroupCommand),
      command(GROUPS_ADD, async () => (await import('./groups/groups.ts')).addGroupCommand),
      command(GROUPS_MEMBERS, async () => (await import('./groups/group-members.ts')).changeGroupMembersCommand),
      command(GROUPS_RENAME, async () => (await import('./groups/groups.ts')).renameGroupCommand),
      command(GROUPS_REMOVE, async () => (await import('./groups/groups.ts')).removeGroupCommand),
    ],
  },
  {
    title: 'Patients and records',
    commands: [
      command(PATIENTS_LIST, async () => (await import('./accounts/patients.ts')).listPatientsCommand),
      command(PATIENTS_ADD, async () => (await import('./accounts/patients.ts')).addPatientAccountCommand),
      command(
        REPRESENTATIONS_LIST,
        async () => (await import('./accounts/representations.ts')).listRepresentationsCommand,
      ),
      command(
        REPRESENTATIONS_ADD,
        async () => (await import('./accounts/representations.ts')).addRepresentationCommand,
      ),
      command(
        REPRESENTATIONS_END,
        async () => (await import('./accounts/representations.ts')).endRepresentationCommand,
      ),
      command(RECORD_MERGE, async () => (await import('./records/merge-and-retract.ts')).mergeRecordsCommand),
      command(RECORD_UNMERGE, async () => (await import('./records/merge-and-retract.ts')).unmergeRecordCommand),
      command(RECORD_RETRACT, async () => (await import('./records/merge-and-retract.ts')).retractCommand),
      command(RECORD_ERASE, async () => (await import('./records/erase.ts')).eraseRecordCommand),
      command(RECORD_CERTIFICATE, async () => (await import('./records/erase.ts')).certificateCommand),
    ],
  },
  {
    title: 'Accounts',
    commands: [
      command(ACCOUNTS_LIST, async () => (await import('./accounts/list-accounts.ts')).listAccountsCommand),
      command(ACCOUNTS_LOCK, async () => (await import('./accounts/lock-and-add-staff.ts')).lockAccountCommand),
      command(ACCOUNTS_UNLOCK, async () => (await import('./accounts/lock-and-add-staff.ts')).unlockAccountCommand),
      command(ACCOUNTS_SET_PASSWORD, async () => (await import('./accounts/set-password.ts')).setPasswordCommand),
      command(ACCOUNTS_LOST_FACTOR, async () => (await import('./accounts/reset-mfa.ts')).resetMfaCommand),
      command(STAFF_ADD, async () => (await import('./accounts/lock-and-add-staff.ts')).addStaffCommand),
      command(
        ADMINISTRATORS_LIST,
        async () => (await import('./accounts/administrators.ts')).listAdministratorsCommand,
      ),
      command(
        ADMINISTRATORS_INVITE,
        async () => (await import('./accounts/administrators.ts')).inviteAdministratorCommand,
      ),
    ],
  },
];

export const COMMANDS: readonly CliCommand[] = SECTIONS.flatMap(({ commands }) => commands);

/** Explains what the commands with the same first word are for. */
export const GROUP_SUMMARIES: Readonly<Record<string, string>> = {
  backup: 'Make and check backups of the embedded database.',
  citus: 'Distribute the contents of records over several machines.',
  keys: 'Rotate the keys that sign id_tokens or encrypt secrets.',
  audit: 'Verify and search the audit log.',
  validation: 'See whether stored data conforms to FHIR R4 and its profiles.',
  feed: 'See and retry what feeds sent and the server rejected.',
  dstu2: 'See what FHIR DSTU2 clients get.',
  sandbox: 'Fill the sandbox, or write test patients to a file.',
  apps: 'Register, change and review apps.',
  grants: 'See and end the access that people gave to apps.',
  practices: 'Create and change practices.',
  groups: 'Manage groups of patients, which backend apps export.',
  patients: 'List patients and create their accounts.',
  representations: 'Let people act for patients.',
  record: 'Merge, correct and erase patient records.',
  accounts: 'List, lock and recover accounts.',
  staff: 'Create staff accounts.',
  administrators: 'List and invite the administrators of the installation.',
};

/** Whether a word is the first word of several commands, or of one that has two words. */
export const isGroup = (word: string): boolean => Object.hasOwn(GROUP_SUMMARIES, word);

/** Joins a definition with the import of its command, which takes the arguments that the definition describes. */
function command<const Definition extends CommandDefinition>(
  definition: Definition,
  load: () => Promise<RunCommand<Definition>>,
): CliCommand {
  return { ...definition, load: load as CliCommand['load'] };
}
