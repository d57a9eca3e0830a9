import path from 'node:path';
import {
  AUDIT_KINDS,
  type AuditKind,
  type AuditLogEntry,
  archiveFolder,
  createAuditLog,
  searchWholeAuditLog,
} from '../../audit/index.ts';
import {
  systemClock as clock,
  days,
  isUuid,
  later,
  OperatorError,
  systemRandom as random,
} from '../../kernel/index.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { AUDIT_SEARCH } from '../definitions/audit.ts';
import { parseCount, splitCommas } from '../option-values.ts';
import { findSingleRecord } from '../records/find-record.ts';
import { withInstallation } from '../with-installation.ts';
import { parseDay } from './days.ts';

/** Value of `--kind` for all reads, whatever their kind. */
const ALL_READS = 'all-reads';
const DEFAULT_PERIOD_DAYS = 30;

export async function searchAuditCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof AUDIT_SEARCH>,
): Promise<number> {
  const limit = parseCount('limit', values.limit);
  const period = parsePeriod(values.from, values.to);
  const kinds = parseKinds(values.kind ?? []);
  const { outcome, client, account, request, patient, practice } = values;
  if (account !== undefined && !isUuid(account)) throw new OperatorError('--account must be the id of an account.');
  const entries = await withInstallation(input, async ({ db, dataDir }) => {
    const folder =
      values.archive === undefined
        ? archiveFolder(input.config.auditArchiveDir, dataDir)
        : path.resolve(input.folder, values.archive);
    const record = patient === undefined ? undefined : await findSingleRecord(db, patient, practice);
    const filter = {
      ...{ ...period, ...kinds, outcome, clientId: client, requestId: request },
      accountId: account?.toLowerCase(),
      recordId: record?.recordId,
    };
    const found = await searchWholeAuditLog(db, filter, { folder, limit });
    const asked = { from: period.from, to: period.to, kind: values.kind, outcome, app: client, account, request };
    await createAuditLog({ db, clock, random }).append({
      kind: 'audit-query',
      outcome: 'success',
      recordId: record?.recordId,
      detail: { action: 'search', asked, by: 'command line' },
    });
    return found;
  });
  const text = entries.length === 0 ? 'No events found.' : formatTable(HEADER, entries.map(toCells));
  printResult(input, entries.map(toJson), text);
  return 0;
}

const HEADER = ['when', 'kind', 'outcome', 'who', 'app', 'type', 'number', 'patients', 'practice', 'request'];

function parsePeriod(from: string | undefined, to: string | undefined): { readonly from: Date; readonly to: Date } {
  const end = later(to === undefined ? startOfDay(clock.now()) : parseDay('to', to), days(1));
  const start = from === undefined ? later(end, -days(DEFAULT_PERIOD_DAYS)) : parseDay('from', from);
  if (start >= end) throw new OperatorError('--from must not be after --to.');
  return { from: start, to: end };
}

const startOfDay = (at: Date): Date => new Date(`${at.toISOString().slice(0, 10)}T00:00:00Z`);

function parseKinds(typed: readonly string[]) {
  const names = splitCommas(typed);
  if (names.length === 0) return {};
  const kinds = names.filter((name) => name !== ALL_READS);
  const unknown = kinds.find((kind) => !AUDIT_KINDS.some((known) => known === kind));
  if (unknown !== undefined)
    throw new OperatorError(`Unknown kind "${unknown}". Use one of: ${[ALL_READS, ...AUDIT_KINDS].join(', ')}.`);
  return { kinds: kinds as AuditKind[], allReads: names.includes(ALL_READS) };
}

const toCells = (entry: AuditLogEntry): readonly string[] => [
  entry.at.toISOString(),
  entry.kind,
  entry.outcome,
  entry.person ?? entry.personKind ?? entry.accountId ?? '',
  entry.app ?? entry.clientId ?? '',
  entry.type ?? '',
  entry.resources === undefined ? '' : String(entry.resources),
  entry.patients === undefined ? '' : String(entry.patients),
  entry.practice ?? '',
  entry.requestId ?? '',
];

const toJson = (entry: AuditLogEntry) => ({
  at: entry.at.toISOString(),
  id: entry.id,
  kind: entry.kind,
  outcome: entry.outcome,
  request_id: entry.requestId ?? null,
  account_id: entry.accountId ?? null,
  person: entry.person ?? null,
  person_kind: entry.personKind ?? null,
  practice: entry.practice ?? null,
  client_id: entry.clientId ?? null,
  app: entry.app ?? null,
  type: entry.type ?? null,
  resources: entry.resources ?? null,
  patients: entry.patients ?? null,
  detail: entry.detail,
});
