import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REMEDY_NAMES } from '../../src/after-restore/remedies.ts';
import type { RestoredServer } from '../support/servers/restored-server.ts';
import { CASES as ACCOUNTS } from './cases/accounts.ts';
import { CASES as APPS } from './cases/apps.ts';
import { type Access, closeContext, place, run, server, startContext } from './cases/context.ts';
import { CASES as INVITATIONS } from './cases/invitations.ts';
import { CASES as PRACTICES_AND_RECORDS } from './cases/practices-and-records.ts';

const ALL = [ACCOUNTS, INVITATIONS, PRACTICES_AND_RECORDS, APPS];
const ENDINGS = Object.assign({}, ...ALL.map(({ endings }) => endings)) as (typeof ACCOUNTS)['endings'];
const LIFTED = Object.assign({}, ...ALL.map(({ lifted }) => lifted)) as (typeof ACCOUNTS)['lifted'];
const BY_HAND = Object.assign({}, ...ALL.map(({ byHand }) => byHand)) as (typeof ACCOUNTS)['byHand'];

/** Events of the test in after-restore.test.ts. */
const TESTED_BY_AFTER_RESTORE = [
  ...[
    'account/lock',
    'account/set-password',
    'account/unlock',
    'app/end-secret',
    'app/set-state',
    'factor/app-removed',
  ],
  ...['revocation', 'revocation/end', 'staff/remove', 'token'],
];

interface Revocation {
  readonly name: string;
  readonly result: string;
  readonly what: string;
  readonly by_hand: string | null;
}
/** Errors of ending or trying an access, by its title. */
const problems: Record<string, string> = {};
const worked: Record<string, boolean> = {};
const works: Record<string, boolean> = {};
let [listed, repeated]: (readonly Revocation[])[] = [];
let found: Awaited<ReturnType<RestoredServer['findings']>>;

async function tryAll(access: Readonly<Record<string, Access>>, into: Record<string, boolean>): Promise<void> {
  for (const [title, one] of Object.entries(access))
    into[title] = await one.works().catch((error: Error) => {
      problems[title] = error.message;
      return false;
    });
}

beforeAll(async () => {
  await startContext();
  const access: Record<string, Access> = {};
  for (const [title, [, prepare]] of Object.entries(ENDINGS)) access[title] = await prepare();
  for (const [name, prepare] of Object.entries(LIFTED)) access[name] = await prepare();
  const byHand: Record<string, () => Promise<unknown>> = {};
  for (const [name, prepare] of Object.entries(BY_HAND)) byHand[name] = await prepare();
  await place().loseAfter(async () => {
    const ends = [
      ...Object.entries(access).map(([title, { end }]) => [title, end] as const),
      ...Object.entries(byHand),
    ];
    for (const [title, end] of ends)
      await end().catch((error: Error) => {
        problems[title] = error.message;
      });
  });
  await tryAll(access, worked);
  await server().purgeExpired();
  found = await place().findings();
  listed = (await run(['after-restore'])).answer.revocations;
  repeated = (await run(['after-restore', '--reapply'])).answer.revocations;
  await tryAll(access, works);
});
afterAll(closeContext);

const about = (all: readonly Revocation[] | undefined, name: string) => (all ?? []).filter((one) => one.name === name);
const resultsOf = (all: readonly Revocation[] | undefined, name: string): readonly string[] => [
  ...new Set(about(all, name).map(({ result }) => result)),
];

describe('after a restore to an earlier time', () => {
  it.each(Object.entries(ENDINGS).map(([title, [name]]) => [title, name]))(
    '%s would work again, which is listed, until it is ended again (%s)',
    (title, name) => {
      const results = { listed: resultsOf(listed, name), repeated: resultsOf(repeated, name) };
      const { [title]: problem } = problems;
      expect({ problem, worked: worked[title], works: works[title], ...results }).toEqual({
        problem: undefined,
        worked: true,
        works: false,
        listed: ['open'],
        repeated: ['reapplied'],
      });
    },
  );

  it.each(Object.keys(LIFTED))('access that was given back still works (%s)', (name) => {
    expect({ worked: worked[name], works: works[name] }).toEqual({ worked: true, works: true });
  });

  it.each(Object.keys(BY_HAND))('an operator reads what to do about %s', (name) => {
    const { [name]: problem } = problems;
    expect({ problem, listed: resultsOf(listed, name), repeated: resultsOf(repeated, name) }).toEqual({
      problem: undefined,
      listed: ['open'],
      repeated: ['by-hand'],
    });
    expect(about(listed, name)[0]?.by_hand).toMatch(/\.$/);
  });

  it('each event with a remedy has a test', () => {
    const tested = [
      ...Object.values(ENDINGS).map(([name]) => name),
      ...[LIFTED, BY_HAND].flatMap((cases) => Object.keys(cases)),
      ...TESTED_BY_AFTER_RESTORE,
    ];
    expect([...new Set(tested)].toSorted()).toEqual(REMEDY_NAMES.toSorted());
  });

  it('doctor counts everything that works again', () => {
    expect(found).toMatchObject([
      { state: 'broken', says: expect.stringContaining(`Revocations that aren’t in effect: ${listed?.length}.`) },
      { state: 'look' },
    ]);
  });
});
