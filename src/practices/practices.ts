import { type Executor, statement } from '../database/index.ts';
import { OperatorFault, type PracticeId } from '../kernel/index.ts';

export type PracticeKind = 'sandbox' | 'live';

export interface Practice {
  readonly practiceId: PracticeId;
  readonly kind: PracticeKind;
  readonly name: string;
  /** The one that the server fills: the version of the generated data it holds. */
  readonly generated: string | null;
}

/** The two of every installation. Others are made by its administrators, and one that the sandbox brings. */
const SANDBOX = { practiceId: 1 as PracticeId, name: 'Sandbox Family Practice' };
const LIVE = { practiceId: 2 as PracticeId };

/** Other practices of this kind are an administrator's own. */
const IS_FILLED = `kind = 'sandbox' and (practice_id = ${SANDBOX.practiceId} or generated is not null)`;

const insert = statement(
  'practices.insert',
  {},
  'insert into practice (practice_id, kind, name) values ($1, $2, $3) on conflict do nothing',
);
const COLUMNS = { practice_id: 'int4', kind: 'text', name: 'text', generated: 'text?' } as const;
const list = statement(
  'practices.list',
  COLUMNS,
  'select practice_id, kind, name, generated from practice order by practice_id',
);
const add = statement(
  'practices.add',
  { practice_id: 'int4' },
  `insert into practice (practice_id, kind, name, time_zone)
   select greatest(max(practice_id), ${LIVE.practiceId}) + 1, $1, $2, $3 from practice
   having not exists (select from practice where lower(name) = lower($2))
   on conflict do nothing returning practice_id`,
);
const named = statement(
  'practices.named',
  { practice_id: 'int4' },
  'select practice_id from practice where lower(name) = lower($1)',
);
const setGenerated = statement(
  'practices.set-generated',
  {},
  `update practice set generated = $2 where practice_id = $1 and kind = 'sandbox'`,
);
const openSandbox = statement(
  'practices.open-sandbox',
  {},
  `update practice set enabled = true, shut = false
   where ${IS_FILLED} and shut`,
);
const shutSandbox = statement(
  'practices.shut-sandbox',
  {},
  `update practice set enabled = false, shut = true
   where ${IS_FILLED} and enabled`,
);

export async function listPractices(db: Executor): Promise<readonly Practice[]> {
  const rows = await db.query(list);
  return rows.map((row) => ({
    practiceId: row.practice_id as PracticeId,
    kind: row.kind as PracticeKind,
    name: row.name,
    generated: row.generated,
  }));
}

/** @param name as it is called now; the live practice when none is given and there is one only */
export async function requirePractice(db: Executor, name: string | undefined): Promise<Practice> {
  const practices = await listPractices(db);
  const fitting = practices.filter((one) => (name === undefined ? one.kind === 'live' : one.name === name));
  const [found] = fitting;
  if (found !== undefined && fitting.length === 1) return found;
  const listed = practices.map((practice) => `"${practice.name}"`).join(', ');
  throw new OperatorFault(
    name === undefined
      ? `There are several live practices. Name one with --practice: ${listed}.`
      : `There is no practice "${name}". There are: ${listed}.`,
  );
}

/** The practice that the server fills with made-up patients; others of its kind are left as they are. */
export const isFilledSandbox = ({ practiceId }: Pick<Practice, 'practiceId'>): boolean =>
  practiceId === SANDBOX.practiceId;

/**
 * The second practice with made-up patients, for those who are patients of two; its number is the next that is free, and
 * what it holds of the generated data tells it from other practices.
 */
const SECOND = { name: 'Sandbox Heart Clinic', otherwise: 'Sandbox Heart Clinic (made-up patients)' };

/** One at a time: whoever comes at the same moment finds it made. */
const lockSandbox = statement(
  'practices.lock-sandbox',
  {},
  `select from practice where practice_id = ${SANDBOX.practiceId} for update`,
);

export async function ensureSecondSandbox(tx: Executor): Promise<PracticeId> {
  await tx.query(lockSandbox);
  const found = (await listPractices(tx)).find((one) => one.generated !== null && !isFilledSandbox(one));
  if (found !== undefined) return found.practiceId;
  const wanted = { kind: 'sandbox', timeZone: 'America/Phoenix' } as const;
  const made =
    (await addPractice(tx, { ...wanted, name: SECOND.name })) ??
    (await addPractice(tx, { ...wanted, name: SECOND.otherwise }));
  if (made === undefined) throw new OperatorFault(`Two practices are called "${SECOND.name}": rename one of them.`);
  await markGenerated(tx, made, 'begun');
  return made;
}

/** Makes the practices of a new installation; changes nothing in one that has them. */
export async function ensurePractices(db: Executor, options: { liveName: string; sandbox: boolean }): Promise<void> {
  if (options.liveName === SANDBOX.name)
    throw new OperatorFault(`PRACTICE_NAME can't be "${SANDBOX.name}": that is the sandbox.`);
  if (options.sandbox) await db.query(insert, [SANDBOX.practiceId, 'sandbox', SANDBOX.name]);
  await db.query(insert, [LIVE.practiceId, 'live', options.liveName]);
}

export interface NewPractice {
  readonly kind: PracticeKind;
  readonly name: string;
  /** IANA */
  readonly timeZone: string;
}

/** One more practice. undefined: the name is another's. */
export async function addPractice(
  db: Executor,
  { kind, name, timeZone }: NewPractice,
): Promise<PracticeId | undefined> {
  if (isReserved(name)) return undefined;
  for (;;) {
    const [made] = await db.query(add, [kind, name, timeZone]);
    if (made !== undefined) return made.practice_id as PracticeId;
    if (await isNameTaken(db, name)) return undefined;
    // Another practice was made at this moment, and was given the number.
  }
}

/** Kept for the sandbox, which may come with the next start. */
const isReserved = (name: string): boolean => name.toLowerCase() === SANDBOX.name.toLowerCase();

/** @param besides the practice that may keep its own name */
export async function isNameTaken(db: Executor, name: string, besides?: PracticeId): Promise<boolean> {
  if (isReserved(name) && besides !== SANDBOX.practiceId) return true;
  return (await db.query(named, [name])).some(({ practice_id }) => practice_id !== besides);
}

/**
 * Opens or shuts the sandbox's API, as the operator says: shut, its published credentials open nothing, tokens of before
 * included. What its own administrator turned off stays off.
 */
export async function openSandboxPractice(db: Executor, open: boolean): Promise<void> {
  await db.query(open ? openSandbox : shutSandbox);
}

export async function markGenerated(db: Executor, practiceId: PracticeId, version: string): Promise<void> {
  await db.query(setGenerated, [practiceId, version]);
}
