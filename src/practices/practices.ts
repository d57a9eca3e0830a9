import { type Executor, statement } from '../database/index.ts';
import type { Practice, PracticeKind } from '../domain/index.ts';
import { OperatorError, type PracticeId } from '../kernel/index.ts';

/**
 * The two practices of every installation. Administrators create others, and the sandbox may add a second practice of
 * its own.
 */
const SANDBOX = { practiceId: 1 as PracticeId, name: 'Sandbox Family Practice' };
const LIVE = { practiceId: 2 as PracticeId };

/**
 * SQL condition: the server fills this practice with sandbox data. Sandbox practices that an administrator created are
 * not filled.
 */
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
const insertNext = statement(
  'practices.add',
  { practice_id: 'int4' },
  `insert into practice (practice_id, kind, name, time_zone)
   select greatest(max(practice_id), ${LIVE.practiceId}) + 1, $1, $2, $3 from practice
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

/** Lists all practices by id. */
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
 * Finds a practice by name, for the command line. Throws an `OperatorError` if there is none, or if no name is
 * given and there are several live practices.
 * @param name current name; if it is `undefined`, the only live practice is returned
 */
export async function findPracticeByName(db: Executor, name: string | undefined): Promise<Practice> {
  const practices = await listPractices(db);
  const matches = practices.filter((one) => (name === undefined ? one.kind === 'live' : one.name === name));
  const [found] = matches;
  if (found !== undefined && matches.length === 1) return found;
  const listed = practices.map((practice) => `"${practice.name}"`).join(', ');
  throw new OperatorError(
    name === undefined
      ? `There are several live practices. Name one with --practice: ${listed}.`
      : `There is no practice "${name}". There are: ${listed}.`,
  );
}

/** Tells whether this is the practice that the server fills with sandbox patients. */
export const isFilledSandbox = ({ practiceId }: Pick<Practice, 'practiceId'>): boolean =>
  practiceId === SANDBOX.practiceId;

/**
 * The second practice with sandbox patients, for people who are patients of two practices. It gets the next free id and
 * is recognized by its generated data.
 */
const SECOND_SANDBOX = { name: 'Sandbox Heart Clinic', otherwise: 'Sandbox Heart Clinic (made-up patients)' };

/** Serializes concurrent calls, so that the second one finds the practice. */
const lockSandbox = statement(
  'practices.lock-sandbox',
  {},
  `select from practice where practice_id = ${SANDBOX.practiceId} for update`,
);

/**
 * Returns the second sandbox practice, and creates it if necessary. Throws an `OperatorError` if both of its
 * names are taken.
 */
export async function ensureSecondSandbox(tx: Executor): Promise<PracticeId> {
  await tx.query(lockSandbox);
  const found = (await listPractices(tx)).find((one) => one.generated !== null && !isFilledSandbox(one));
  if (found !== undefined) return found.practiceId;
  const settings = { kind: 'sandbox', timeZone: 'America/Phoenix' } as const;
  const made =
    (await createPractice(tx, { ...settings, name: SECOND_SANDBOX.name })) ??
    (await createPractice(tx, { ...settings, name: SECOND_SANDBOX.otherwise }));
  if (made === undefined)
    throw new OperatorError(`Two practices are called "${SECOND_SANDBOX.name}": rename one of them.`);
  await setGeneratedVersion(tx, made, 'begun');
  return made;
}

/** Creates the practices of a new installation. Existing practices are left unchanged. */
export async function ensurePractices(db: Executor, options: { liveName: string; sandbox: boolean }): Promise<void> {
  if (options.liveName === SANDBOX.name)
    throw new OperatorError(`PRACTICE_NAME can't be "${SANDBOX.name}": that is the sandbox.`);
  if (options.sandbox) await db.query(insert, [SANDBOX.practiceId, 'sandbox', SANDBOX.name]);
  await db.query(insert, [LIVE.practiceId, 'live', options.liveName]);
}

export interface NewPractice {
  readonly kind: PracticeKind;
  readonly name: string;
  /** IANA name. */
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
    // A concurrent transaction took the id; try the next one.
  }
}

/** The name is reserved for the sandbox, which may be turned on later. */
const isReserved = (name: string): boolean => name.toLowerCase() === SANDBOX.name.toLowerCase();

/** Tells whether a practice has this name. @param besides the practice that may keep its own name */
export async function isPracticeNameTaken(db: Executor, name: string, besides?: PracticeId): Promise<boolean> {
  if (isReserved(name) && besides !== SANDBOX.practiceId) return true;
  return (await db.query(selectByName, [name])).some(({ practice_id }) => practice_id !== besides);
}

/**
 * Opens or closes the API of the sandbox practices, as the operator configured. While it is closed, the published
 * credentials give no access, and existing tokens don't work. If the practice's own administrator turned the API off,
 * it stays off.
 */
export async function setSandboxOpen(db: Executor, open: boolean): Promise<void> {
  await db.query(open ? openSandbox : closeSandbox);
}

/** Records the version of the sandbox data that a practice contains. */
export async function setGeneratedVersion(db: Executor, practiceId: PracticeId, version: string): Promise<void> {
  await db.query(setGenerated, [practiceId, version]);
}
