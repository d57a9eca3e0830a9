import type { Executor } from '../../database/index.ts';
import { countOwn, countProjected, type Holder, ownOfType, parseJson } from '../../fhir/index.ts';
import { type Clock, minutes } from '../../kernel/index.ts';
import { findPersonByUsername, type HeldRecord, recordsOfAccount } from '../../people/index.ts';
import type { TestAccount, TestRecord } from '../contract/explorer.ts';

/** An account of the sandbox as its generator describes it. */
export interface MadeAccount {
  readonly username: string;
  readonly kind: TestAccount['kind'];
  readonly about: string;
  readonly covers: TestAccount['covers'];
}

interface Deps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly testAccounts: readonly MadeAccount[];
}

/** How long counts are cached. Records change with each load. */
const COUNTED_FOR = minutes(1);

/**
 * Creates a function that returns the sandbox accounts with counts of their records. It counts at most
 * once a minute, because anyone may call it.
 */
export function openTestPatients(deps: Deps): () => Promise<readonly TestAccount[]> {
  let last: { readonly at: number; readonly accounts: Promise<readonly TestAccount[]> } | undefined;
  return () => {
    const now = deps.clock.now().getTime();
    if (last === undefined || now - last.at >= COUNTED_FOR || now < last.at) {
      const accounts = readAccounts(deps);
      last = { at: now, accounts };
      accounts.catch(() => {
        last = undefined;
      });
    }
    return last.accounts;
  };
}

async function readAccounts({ db, testAccounts }: Deps): Promise<readonly TestAccount[]> {
  const accounts: TestAccount[] = [];
  for (const made of testAccounts) {
    const person = await findPersonByUsername(db, made.username);
    // Someone else may have taken the username before the sandbox was filled. Such accounts are not
    // listed.
    if (person?.published !== true) continue;
    const accessible = person.kind === 'patient' ? await recordsOfAccount(db, person.accountId) : [];
    const records: TestRecord[] = [];
    for (const record of accessible) records.push(await readRecord(db, { ...record, accountId: person.accountId }));
    accounts.push({ ...made, covers: [...made.covers], name: person.displayName, records });
  }
  return accounts;
}

async function readRecord(db: Executor, record: HeldRecord & Holder): Promise<TestRecord> {
  const { patientId, practiceName: practice, personName: name, birthDate, relation } = record;
  return {
    patientId,
    practice,
    name,
    birthDate,
    relation: relation === 'self' ? 'self' : 'representative',
    counts: Object.fromEntries(await countOwn(db, record)),
    dstu2: await countProjected(db, record, 'dstu2'),
    years: await yearsOfVisits(db, record),
    conditions: await activeConditions(db, record),
  };
}

const MOST = 500;

async function yearsOfVisits(db: Executor, record: Holder): Promise<number> {
  const visits = await ownOfType(db, record, 'Encounter', { limit: MOST });
  const years = visits.map(({ position }) => Number(position.slice(0, 4))).filter(Number.isInteger);
  return years.length === 0 ? 0 : Math.max(...years) - Math.min(...years);
}

/** Returns the active conditions by name, newest first, with health concerns (such as social circumstances) last. */
async function activeConditions(db: Executor, record: Holder): Promise<string[]> {
  const rows = await ownOfType(db, record, 'Condition', { limit: MOST });
  const conditions = rows.map(({ content }) => parseJson(content) as unknown as Condition);
  const active = conditions.filter(({ clinicalStatus }) => hasCode(clinicalStatus, 'active'));
  const isConcern = ({ category = [] }: Condition): boolean => category.some((one) => hasCode(one, 'health-concern'));
  const inOrder = [...active.filter((one) => !isConcern(one)), ...active.filter(isConcern)];
  return [...new Set(inOrder.map(({ code }) => code?.text ?? code?.coding?.[0]?.display ?? ''))].filter(Boolean);
}

interface Concept {
  readonly text?: string;
  readonly coding?: readonly { readonly code?: string; readonly display?: string }[];
}

interface Condition {
  readonly clinicalStatus?: Concept;
  readonly category?: readonly Concept[];
  readonly code?: Concept;
}

const hasCode = (concept: Concept | undefined, code: string): boolean =>
  concept?.coding?.some((coding) => coding.code === code) ?? false;
