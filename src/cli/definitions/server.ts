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
    'Check settings, database, clock, disk, keys, email, audit log, practices, feeds, loads and validation, and explain how to fix each problem.',
  examples: ['doctor', 'doctor --json'],
  exitCodes: { 0: 'no errors, maybe warnings', 1: 'errors found, or failure' },
  details: [
    'With `--json`, each finding has `about` (what was checked), `state` (`fine`, `look` for a warning, `broken` for an error) and `says`. A warning or error also has `fix`: how to fix it.',
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
