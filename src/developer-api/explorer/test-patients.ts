import type { Executor } from '../../database/index.ts';
import type { AccessibleRecord } from '../../domain/index.ts';
import {
  countProjectedEntries,
  countRecordEntries,
  listRecordEntries,
  parseJson,
  type RecordUser,
} from '../../fhir/index.ts';
import { findProfileByUsername, listAccountRecords } from '../../identity/index.ts';
import { type Clock, minutes } from '../../kernel/index.ts';
import type { SandboxAccount, TestAccount, TestRecord } from '../../portal-api/index.ts';

interface TestPatientsDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly testAccounts: readonly SandboxAccount[];
}

/**
 * Milliseconds for which the list of test patients is cached. The time is short, because loading
 * data changes the number of a patient's resources.
 */
const CACHE_DURATION = minutes(1);

/**
 * Creates a function that lists the sandbox accounts with the number of resources in their records.
 * It counts resources at most once a minute, because anyone may call it.
 */
export function createTestPatientList(deps: TestPatientsDeps): () => Promise<readonly TestAccount[]> {
  let last: { readonly at: number; readonly accounts: Promise<readonly TestAccount[]> } | undefined;
  return () => {
    const now = deps.clock.now().getTime();
    if (last === undefined || now - last.at >= CACHE_DURATION || now < last.at) {
      const accounts = readAccounts(deps);
      last = { at: now, accounts };
      accounts.catch(() => {
        last = undefined;
      });
    }
    return last.accounts;
  };
}

async function readAccounts({ db, testAccounts }: TestPatientsDeps): Promise<readonly TestAccount[]> {
  const accounts: TestAccount[] = [];
  for (const made of testAccounts) {
    const person = await findProfileByUsername(db, made.username);
    // A person may have taken the username of a sandbox account before the sandbox was filled. Such
    // an account is not listed.
    if (person?.published !== true) continue;
    const accessible = person.kind === 'patient' ? await listAccountRecords(db, person.accountId) : [];
    const records: TestRecord[] = [];
    for (const record of accessible) records.push(await readRecord(db, { ...record, accountId: person.accountId }));
    accounts.push({ ...made, covers: [...made.covers], name: person.displayName, records });
  }
  return accounts;
}

async function readRecord(db: Executor, record: AccessibleRecord & RecordUser): Promise<TestRecord> {
  const { patientId, practiceName: practice, personName: name, birthDate, relation } = record;
  return {
    patientId,
    practice,
    name,
    birthDate,
    relation: relation === 'self' ? 'self' : 'representative',
    counts: Object.fromEntries(await countRecordEntries(db, record)),
    dstu2: await countProjectedEntries(db, record, 'dstu2'),
    years: await countVisitYears(db, record),
    conditions: await activeConditions(db, record),
  };
}

const MAX_RESOURCES = 500;

async function countVisitYears(db: Executor, record: RecordUser): Promise<number> {
  const visits = await listRecordEntries(db, record, 'Encounter', { limit: MAX_RESOURCES });
  const years = visits.map(({ position }) => Number(position.slice(0, 4))).filter(Number.isInteger);
  return years.length === 0 ? 0 : Math.max(...years) - Math.min(...years);
}

/**
 * Returns the names of a record's active conditions, newest first. Health concerns, such as social
 * circumstances, come last.
 */
async function activeConditions(db: Executor, record: RecordUser): Promise<string[]> {
  const rows = await listRecordEntries(db, record, 'Condition', { limit: MAX_RESOURCES });
  const conditions = rows.map(({ content }) => parseJson(content) as unknown as ConditionResource);
  const active = conditions.filter(({ clinicalStatus }) => hasCode(clinicalStatus, 'active'));
  const isConcern = ({ category = [] }: ConditionResource): boolean =>
    category.some((one) => hasCode(one, 'health-concern'));
  const inOrder = [...active.filter((one) => !isConcern(one)), ...active.filter(isConcern)];
  return [...new Set(inOrder.map(({ code }) => code?.text ?? code?.coding?.[0]?.display ?? ''))].filter(Boolean);
}

interface ConditionConcept {
  readonly text?: string;
  readonly coding?: readonly { readonly code?: string; readonly display?: string }[];
}

interface ConditionResource {
  readonly clinicalStatus?: ConditionConcept;
  readonly category?: readonly ConditionConcept[];
  readonly code?: ConditionConcept;
}

const hasCode = (concept: ConditionConcept | undefined, code: string): boolean =>
  concept?.coding?.some((coding) => coding.code === code) ?? false;
