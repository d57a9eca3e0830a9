import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// Imports the composition root, so that every module declares its statements.
import '../../src/app.ts';
import { allStatements, DISTRIBUTED_TABLES } from '../../src/database/index.ts';
import { CLUSTER, HAS_NO_CLUSTER, withCluster } from '../support/database/cluster.ts';
import { type EmptyDatabase, emptyDatabase } from '../support/database/empty-database.ts';

const DISTRIBUTED = new RegExp(`\\b(${DISTRIBUTED_TABLES.join('|')})\\b`);
/** Modules whose statements a request runs before it reads a record: sign-in, sessions, consents, tokens, rate limits. */
const COORDINATOR_MODULES = ['oauth', 'people', 'registry', 'enrollment', 'approvals', 'rate-limit', 'mail'];

const textOf = (name: string): string => {
  const found = allStatements().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no statement ${name}`);
  return found.text;
};

describe('the node of a statement, if the tables are distributed', () => {
  it.each(COORDINATOR_MODULES)('is the coordinator for each statement of %s', (module) => {
    const own = allStatements().filter(({ name }) => name.startsWith(`${module}.`));
    expect(own.length).toBeGreaterThan(3);
    expect(own.filter(({ text }) => DISTRIBUTED.test(text)).map(({ name }) => name)).toEqual([]);
  });
});

describe.skipIf(HAS_NO_CLUSTER)(withCluster('the plan on a cluster'), () => {
  let world: EmptyDatabase;
  beforeAll(async () => {
    world = await emptyDatabase(CLUSTER ?? '');
  });
  afterAll(() => world.close());

  const planOf = async (text: string): Promise<string> => {
    const rows = await world.db.queryText<{ 'QUERY PLAN': string }>(`explain (generic_plan, costs off) ${text}`, []);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };

  it.each(['oauth.token.find', 'oauth.refresh.rotate', 'audit.append', 'people.session.find'])(
    'of %s is that of PostgreSQL on the coordinator',
    async (name) => {
      const plan = await planOf(textOf(name));
      expect(plan).toMatch(/ on |Result/);
      expect(plan).not.toContain('Citus');
    },
  );
});
