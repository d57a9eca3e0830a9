import type { CommandDefinition } from '../definition.ts';

export const SERVE = {
  name: 'serve',
  summary: 'Run the server until it is stopped',
  description: 'Run the server until it is stopped with Ctrl-C or SIGTERM. Settings are environment variables.',
  examples: ['serve'],
  details: ['[Settings](settings.md) lists the environment variables.'],
} as const satisfies CommandDefinition;

export const MIGRATE = {
  name: 'migrate',
  summary: 'Update the database schema',
  description:
    'Update the database schema. The server does this itself at start. With MIGRATION_DATABASE_URL, also give the role of DATABASE_URL its rights.',
  options: { grants: { value: 'ROLE', text: 'Print the SQL that gives this role the rights of the server' } },
  examples: ['migrate', 'migrate --grants patient_access_server'],
  details: [
    'With the rights of the server, a role can append to the audit log but not change it, and can’t change the schema. The owner of the tables runs the SQL, again after each upgrade.',
  ],
} as const satisfies CommandDefinition;

export const DOCTOR = {
  name: 'doctor',
  summary: 'Check the installation and explain how to fix problems',
  description:
    'Check settings, database, its size, indexes and slow statements, clock, disk, keys, encryption, email, audit log, practices, feeds, loads and validation, and explain how to fix each problem.',
  examples: ['doctor', 'doctor --json'],
  exitCodes: { 0: 'no errors, maybe warnings', 1: 'errors found, or failure' },
  details: [
    'With `--json`, each finding has `about` (what was checked), `state` (`fine`, `look` for a warning, `broken` for an error) and `says`. A warning or error also has `fix`: how to fix it.',
    '[Maintain the database](../operating.md#maintain-the-database) explains what it reports about PostgreSQL. It reads no large table.',
  ],
} as const satisfies CommandDefinition;

export const AFTER_RESTORE = {
  name: 'after-restore',
  summary: 'Repeat revocations that a restored database lost',
  description:
    'After the database was restored to an earlier time: list what ended after that time and works again, by the archive of the audit log. Only --reapply and --emails change anything.',
  options: {
    reapply: { text: 'Repeat it, end sessions and links, hold back emails' },
    emails: { value: 'WHAT', text: 'What to do with emails that are held back', choices: ['send', 'discard'] },
    database: { value: 'FILE', text: 'Also read the database whose URL this file has' },
    archive: { value: 'DIR', text: 'Folder of the archive (default: as AUDIT_ARCHIVE_DIR)' },
  },
  examples: ['after-restore', 'after-restore --reapply', 'after-restore --emails discard'],
  details: [
    'Run it with `--reapply` before the servers start on the restored database. It can be repeated: what was handled once is left out. [After a restore](../after-restore.md) explains what it does.',
    'With `--database`, it also reads the database from before the restore, or a copy that was restored to a later time.',
  ],
} as const satisfies CommandDefinition;

export const KEYS_ROTATE = {
  name: 'keys rotate',
  summary: 'Create new signing keys for id_tokens',
  description:
    'Create new signing keys for id_tokens. They are published at once and used after ten minutes, without a restart.',
  options: { leaked: { text: 'Use the new keys at once and withdraw all old keys' } },
  examples: ['keys rotate', 'keys rotate --leaked'],
  details: ['Apps may cache keys for five minutes, so they may accept a leaked key for that long.'],
} as const satisfies CommandDefinition;

export const KEYS_CREATE_ENCRYPTION_KEY = {
  name: 'keys create-encryption',
  summary: 'Create a file with an encryption key',
  description:
    'Create a file with the key that encrypts signing keys, authenticator secrets and emails in the database. Only your user can read it.',
  arguments: [{ name: 'FILE', text: 'The file, for ENCRYPTION_KEY_FILE' }],
  options: { add: { text: 'Add a new key to an existing file, as the last one' } },
  examples: ['keys create-encryption encryption-key', 'keys create-encryption encryption-key --add'],
  details: ['[Encryption of secrets](../encryption.md) explains where to keep the key and how to replace it.'],
} as const satisfies CommandDefinition;

export const KEYS_ROTATE_ENCRYPTION = {
  name: 'keys rotate-encryption',
  summary: 'Encrypt all secrets with a new data key',
  description:
    'Encrypt all secrets in the database with a new data key, and that with the last key of ENCRYPTION_KEY_FILE or the current one of ENCRYPTION_KEY_PROGRAM. Servers go on meanwhile.',
  examples: ['keys rotate-encryption'],
  details: [
    'All servers need the new encryption key before. Servers of a release without encryption can’t read encrypted secrets: upgrade them first. You can run an interrupted command again.',
  ],
} as const satisfies CommandDefinition;
