import { type Executor, statement } from '../database/index.ts';
import { OperatorFault, type PracticeId } from '../kernel/index.ts';

export interface Practice {
  readonly practiceId: PracticeId;
  readonly kind: 'sandbox' | 'live';
  readonly name: string;
  /** Sandbox only: the version of the generated data it holds. */
  readonly generated: string | null;
}

/** There is one of each kind. */
const SANDBOX = { practiceId: 1 as PracticeId, name: 'Sandbox Family Practice' };
const LIVE = { practiceId: 2 as PracticeId };

const insert = statement(
  'practices.insert',
  {},
  'insert into practice (practice_id, kind, name) values ($1, $2, $3) on conflict do nothing',
);
const list = statement(
  'practices.list',
  { practice_id: 'int4', kind: 'text', name: 'text', generated: 'text?' },
  'select practice_id, kind, name, generated from practice order by practice_id',
);
const setGenerated = statement(
  'practices.set-generated',
  {},
  "update practice set generated = $2 where practice_id = $1 and kind = 'sandbox'",
);

const openSandbox = statement(
  'practices.open-sandbox',
  {},
  "update practice set enabled = $1 where kind = 'sandbox' and enabled <> $1",
);

export async function listPractices(db: Executor): Promise<readonly Practice[]> {
  const rows = await db.query(list);
  return rows.map((row) => ({
    practiceId: row.practice_id as PracticeId,
    kind: row.kind as Practice['kind'],
    name: row.name,
    generated: row.generated,
  }));
}

/** @param name as it was made with; the live practice when none is given */
export async function requirePractice(db: Executor, name: string | undefined): Promise<Practice> {
  const practices = await listPractices(db);
  const found = practices.find((practice) => (name === undefined ? practice.kind === 'live' : practice.name === name));
  if (found !== undefined) return found;
  const names = practices.map((practice) => `"${practice.name}"`).join(', ');
  throw new OperatorFault(`There is no practice "${name}". There are: ${names}.`);
}

/** Makes the practices of a new installation; changes nothing in one that has them. */
export async function ensurePractices(db: Executor, options: { liveName: string; sandbox: boolean }): Promise<void> {
  if (options.liveName === SANDBOX.name)
    throw new OperatorFault(`PRACTICE_NAME can't be "${SANDBOX.name}": that is the sandbox.`);
  if (options.sandbox) await db.query(insert, [SANDBOX.practiceId, 'sandbox', SANDBOX.name]);
  await db.query(insert, [LIVE.practiceId, 'live', options.liveName]);
}

/** Opens or closes the sandbox's API: closed, its published credentials open nothing, tokens of before included. */
export async function openSandboxPractice(db: Executor, open: boolean): Promise<void> {
  await db.query(openSandbox, [open]);
}

export async function markGenerated(db: Executor, practiceId: PracticeId, version: string): Promise<void> {
  await db.query(setGenerated, [practiceId, version]);
}
