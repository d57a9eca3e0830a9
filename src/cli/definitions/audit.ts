import type { CommandDefinition } from '../definition.ts';
import { PRACTICE_OF_PATIENT } from './shared.ts';

const ARCHIVE = { value: 'DIR', text: 'Folder of the archive (default: as AUDIT_ARCHIVE_DIR)' } as const;

export const AUDIT_VERIFY = {
  name: 'audit verify',
  summary: 'Check that the audit log wasn’t changed',
  description:
    'Check that no sealed event of the audit log was changed, removed or added, in the database and in the archive. Print the newest digest, which you can keep elsewhere.',
  options: {
    since: { value: 'DATE', text: 'Check the events from this day on (UTC; default: all)' },
    archive: ARCHIVE,
    digest: { value: 'DIGEST', text: 'A digest that you kept: the chain must contain it' },
  },
  examples: ['audit verify', 'audit verify --since 2026-11-01', 'audit verify --archive /mnt/audit --json'],
  exitCodes: { 0: 'the audit log is as it was sealed', 1: 'changes found, or failure' },
  details: [
    'The links of the chain are always checked from the first one on. `--since` limits the events that are read again. [The audit log](../audit-log.md) says what the chain proves, and what each problem means.',
  ],
} as const satisfies CommandDefinition;

export const AUDIT_SEARCH = {
  name: 'audit search',
  summary: 'Search the audit log, also in the archive',
  description:
    'Search the audit log, newest events first: the database, and the archive for months that the database no longer has. The search itself is recorded in the audit log.',
  options: {
    from: { value: 'DATE', text: 'First day (UTC; default: 30 days before the last)' },
    to: { value: 'DATE', text: 'Last day (UTC; default: today)' },
    kind: { value: 'KIND…', text: 'Only these kinds, such as read or sign-in; all-reads', multiple: true },
    outcome: { value: 'OUTCOME', text: 'Only events with this outcome', choices: ['success', 'failure'] },
    client: { value: 'CLIENT_ID', text: 'Only events of this app' },
    account: { value: 'ACCOUNT_ID', text: 'Only events of this account' },
    request: { value: 'ID', text: 'Only events of this request, by its X-Request-Id' },
    patient: { value: 'PATIENT_ID', text: 'Only events about this patient’s record' },
    practice: PRACTICE_OF_PATIENT,
    limit: { value: 'N', text: 'Maximum number of events', default: '50' },
    archive: ARCHIVE,
  },
  examples: [
    'audit search --kind sign-in --outcome failure',
    'audit search --patient $PATIENT_ID --from 2026-01-01 --json',
  ],
} as const satisfies CommandDefinition;
