import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../src/audit/index.ts';
import { projections } from '../../src/fhir/index.ts';
import { type MergeDeps, mergePatients, retractFromPatient } from '../../src/intake/index.ts';
import { type PracticeId, systemRandom as random } from '../../src/kernel/index.ts';
import { fillSandbox } from '../../src/sandbox/index.ts';
import { mergeNotifier } from '../support/people/merged-people.ts';
import { passwordCost } from '../support/people/password-cost.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const practiceId = 1 as PracticeId;
const author = { by: 'operator' };
function withMergeDeps<Done>(work: (deps: MergeDeps) => Promise<Done>): Promise<Done> {
  const { db, clock } = server;
  clock.advance(2000);
  return db.transaction((tx) =>
    work({
      tx,
      clock,
      random,
      projections,
      audit: createAuditLog({ db, clock, random }),
      notifier: mergeNotifier(clock),
    }),
  );
}

describe('a newer version fills a sandbox with retracted data and merged records', () => {
  let retracted: string;
  let before: readonly object[];
  const openers = () =>
    server.db.queryText<object>(
      'select account_id, record_id, relationship, ended_at from representation order by account_id, record_id, relationship',
      [],
    );
  beforeAll(async () => {
    await mergeTwo();
    retracted = await retractOne();
    before = await openers();
    await server.db.queryText("update practice set generated = 'older' where practice_id = 1", []);
    await fillSandbox(server.db, () => {}, { passwordCost, skipLargeRecords: true });
  });

  async function retractOne(): Promise<string> {
    const [row] = await server.db.queryText<{ id: string }>(
      `select e.id from resource e join record r using (record_id)
       where e.type = 'Observation' and r.practice_id = 1 and r.state = 'active' order by e.id limit 1`,
      [],
    );
    const id = row?.id ?? '';
    const request = { practiceId, resources: [{ type: 'Observation', id }], to: undefined, author };
    expect(
      await withMergeDeps((deps) => retractFromPatient(deps, { ...request, namesOf: (type) => [type] })),
    ).toMatchObject({
      done: true,
    });
    return id;
  }

  async function mergeTwo(): Promise<void> {
    const rows = await server.db.queryText<{ patient_id: string }>(
      `select r.patient_id from record r join representation x using (record_id)
       where r.practice_id = 1 and x.relationship = 'self' order by r.patient_id limit 2`,
      [],
    );
    const [patientId = '', into = ''] = rows.map((row) => row.patient_id);
    const request = { practiceId, patientId, into, said: 'operator', source: undefined, author, evenSo: true } as const;
    expect(await withMergeDeps((deps) => mergePatients(deps, request))).toMatchObject({ done: true });
  }

  it('and does not add the retracted data again', async () => {
    expect(await server.db.queryText('select 1 from resource where id = $1', [retracted])).toEqual([]);
  });

  it('and gives the people of merged records no other record', async () => {
    expect(await openers()).toEqual(before);
  });
});
