import { type Executor, statement } from '../database/index.ts';
import type { Practice, PracticeKind } from '../domain/index.ts';
import { OperatorError, type PracticeId } from '../kernel/index.ts';
import { DEFAULT_TIME_ZONE } from './time-zones.ts';

/**
 * The sandbox practice and the live practice of a new installation. Administrators can create other practices, and the
 * sandbox may add a second practice.
 */
const SANDBOX = { practiceId: 1 as PracticeId, name: 'Sandbox Family Practice' };
const LIVE = { practiceId: 2 as PracticeId };
/** The generated practices and their patients are in Arizona. */
const SANDBOX_TIME_ZONE = 'America/Phoenix';

/**
 * SQL condition: the server fills this practice with generated patients. It doesn't fill sandbox practices that an
 * administrator created.
 */
const IS_FILLED = `kind = 'sandbox' and (practice_id = ${SANDBOX.practiceId} or generated is not null)`;

const insert = statement(
  'practices.insert',
  {},
  `insert into practice (practice_id, kind, name, time_zone)
   select $1::int, $2, $3, $4 where not exists (select from removed_practice where practice_id = $1::int) on conflict do nothing`,
);
const COLUMNS = { practice_id: 'int4', kind: 'text', name: 'text', generated: 'text?' } as const;
const list = statement(
  'practices.list',
  COLUMNS,
  'select practice_id, kind, name, generated from practice order by practice_id',
);
/** The next free id. The id of a removed practice isn't used again, because the audit log names it. */
const NEXT_ID = `greatest(max(practice_id), ${LIVE.practiceId}, (select max(practice_id) from removed_practice)) + 1`;
const insertNext = statement(
  'practices.add',
  { practice_id: 'int4' },
  `insert into practice (practice_id, kind, name, time_zone)
   select ${NEXT_ID}, $1, $2, $3 from practice
   having not exists (select from practice where lower(name) = lower($2))
   on conflict do nothing returning practice_id`,
);
const selectByName = statement(
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
const closeSandbox = statement(
  'practices.shut-sandbox',
  {},
  `update practice set enabled = false, shut = true
   where ${IS_FILLED} and enabled`,
);

/** Lists all practices, sorted by id. */
export async function listPractices(db: Executor): Promise<readonly Practice[]> {
  const rows = await db.query(list);
  return rows.map((row) => ({
    practiceId: row.practice_id as PracticeId,
    kind: row.kind as PracticeKind,
    name: row.name,
    generated: row.generated,
  }));
}

/**
 * Finds a practice by name, for the command line. Throws an `OperatorError` if no practice has this name. Also throws
 * if no name is given and there are several live practices.
 * @param name current name; `undefined` stands for the only live practice
 */
export async function findPracticeByName(db: Executor, name: string | undefined): Promise<Practice> {
  const practices = await listPractices(db);
  const matches = practices.filter((one) => (name === undefined ? one.kind === 'live' : one.name === name));
  const [found] = matches;
  if (found !== undefined && matches.length === 1) return found;
  const listed = practices.map((practice) => `"${practice.name}"`).join(', ');
  throw new OperatorError(
    name === undefined
      ? `There are several live practices. Choose one with --practice: ${listed}.`
      : `There is no practice "${name}". Use one of: ${listed}.`,
  );
}

/** Tells whether this is the main sandbox practice, which the server fills with generated patients. */
export const isFilledSandbox = ({ practiceId }: Pick<Practice, 'practiceId'>): boolean =>
  practiceId === SANDBOX.practiceId;

/**
 * Names of the second sandbox practice. It gets the name `otherwise` if another practice is already named `name`. The
 * second sandbox practice exists so that some test patients have records at two practices. It gets the next free id and
 * is recognized by its generated data, so it can be renamed.
 */
const SECOND_SANDBOX = { name: 'Sandbox Heart Clinic', otherwise: 'Sandbox Heart Clinic (made-up patients)' };

/**
 * Locks the main sandbox practice. If two processes create the second sandbox practice at the same time, the later one
 * waits and then finds it.
 */
const lockSandbox = statement(
  'practices.lock-sandbox',
  {},
  `select from practice where practice_id = ${SANDBOX.practiceId} for no key update`,
);

/**
 * Returns the second sandbox practice, and creates it if necessary. Throws an `OperatorError` if other practices have
 * both of its possible names.
 */
export async function ensureSecondSandbox(tx: Executor): Promise<PracticeId> {
  await tx.query(lockSandbox);
  const found = (await listPractices(tx)).find((one) => one.generated !== null && !isFilledSandbox(one));
  if (found !== undefined) return found.practiceId;
  const settings = { kind: 'sandbox', timeZone: SANDBOX_TIME_ZONE } as const;
  const made =
    (await createPractice(tx, { ...settings, name: SECOND_SANDBOX.name })) ??
    (await createPractice(tx, { ...settings, name: SECOND_SANDBOX.otherwise }));
  if (made === undefined)
    throw new OperatorError(`Two practices are named "${SECOND_SANDBOX.name}". Rename one of them.`);
  await setGeneratedVersion(tx, made, 'begun');
  return made;
}

/** Creates the practices of a new installation. Existing practices are left unchanged. */
export async function ensurePractices(db: Executor, options: { liveName: string; sandbox: boolean }): Promise<void> {
  if (options.liveName === SANDBOX.name)
    throw new OperatorError(
      `PRACTICE_NAME can't be "${SANDBOX.name}", because that is the name of the sandbox practice.`,
    );
  if (options.sandbox) await db.query(insert, [SANDBOX.practiceId, 'sandbox', SANDBOX.name, SANDBOX_TIME_ZONE]);
  await db.query(insert, [LIVE.practiceId, 'live', options.liveName, DEFAULT_TIME_ZONE]);
}

export interface NewPractice {
  readonly kind: PracticeKind;
  readonly name: string;
  /** IANA name of the new practice's time zone. */
  readonly timeZone: string;
}

/** Creates a practice. Returns `undefined` if the name is taken. */
export async function createPractice(
  db: Executor,
  { kind, name, timeZone }: NewPractice,
): Promise<PracticeId | undefined> {
  if (isReserved(name)) return undefined;
  for (;;) {
    const [made] = await db.query(insertNext, [kind, name, timeZone]);
    if (made !== undefined) return made.practice_id as PracticeId;
    if (await isPracticeNameTaken(db, name)) return undefined;
    // A concurrent transaction took the practice id, so the loop tries the next one.
  }
}

/** Tells whether a name is reserved for the sandbox practice, which may be created later. */
const isReserved = (name: string): boolean => name.toLowerCase() === SANDBOX.name.toLowerCase();

/**
 * Tells whether a practice has this name.
 * @param besides practice that isn't compared, so that it can keep its own name
 */
export async function isPracticeNameTaken(db: Executor, name: string, besides?: PracticeId): Promise<boolean> {
  if (isReserved(name) && besides !== SANDBOX.practiceId) return true;
  return (await db.query(selectByName, [name])).some(({ practice_id }) => practice_id !== besides);
}

/**
 * Turns the API of the sandbox practices on or off, as the operator configured. While it is off, the published
 * credentials give no access, and existing tokens don't work. If a practice's own administrator turned the API off, it
 * stays off.
 */
export async function setSandboxOpen(db: Executor, open: boolean): Promise<void> {
  await db.query(open ? openSandbox : closeSandbox);
}

/** Stores which version of the generated sandbox data a practice contains. */
export async function setGeneratedVersion(db: Executor, practiceId: PracticeId, version: string): Promise<void> {
  await db.query(setGenerated, [practiceId, version]);
}
