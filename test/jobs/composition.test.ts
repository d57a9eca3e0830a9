import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { runAllTasks, type ScheduledTask } from '../../src/jobs/index.ts';
import type { AccountId, PracticeId } from '../../src/kernel/index.ts';
import { daysAgo, recordReads } from '../audit/audit-keeper.ts';
import { addBackendApp, startExport } from '../fhir/export/export-client.ts';
import { addStaffMember } from '../support/people/staff.ts';
import { until } from '../support/runs/until.ts';
import { type MailServer, startMailServer } from '../support/servers/mail-server.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const LIVE = 2 as PracticeId;
let server: TestServer;
let mail: MailServer;

const queued = async (name: string) =>
  (
    await server.db.queryText<{ id: string }>(
      "select data->>'id' as id from pgboss.job where name = $1 and state < 'active'",
      [name],
    )
  ).map(({ id }) => id);

/** Adds an email, an export and a bulk invitation, which are pending. Returns their ids. */
async function addPendingWork(): Promise<readonly [email: string, job: string | undefined, bulk: string | undefined]> {
  const email = await addEmail();
  const app = await addBackendApp(server, { practiceIds: [LIVE] });
  const job = (await startExport(server, await app.token())).split('/').at(-1);
  const staff = await addStaffMember(server);
  const by = { accountId: staff.accountId as AccountId, requestId: 'bulk' };
  const bulk = await server.enrollments.startBulkInvitation(by, LIVE, Buffer.from('mrn\nMRN-1\n'));
  return [email, job, bulk];
}

/** Deletes all jobs. Rows of earlier releases have none. */
const withoutJobs = () => server.db.queryText('delete from pgboss.job', []);

async function addEmail(): Promise<string> {
  const [row] = await server.db.queryText<{ mail_id: string }>(
    `insert into mail (mail_id, recipient, sender_name, subject, content, outbox, created_at, next_at)
     values (gen_random_uuid(), 'ann@example.org', 'Clinic', 'Hello', 'Text', false, now(), now()) returning mail_id`,
    [],
  );
  return row?.mail_id ?? '';
}

describe('pending work in a table without a job', () => {
  beforeEach(async () => {
    mail = await startMailServer();
    server = await startServer({ SMTP_URL: mail.url, MAIL_FROM: 'records@clinic.example' });
  });
  afterEach(async () => {
    await server.close();
    await mail.close();
  });

  it('gets one job', async () => {
    const [email, job, bulk] = await addPendingWork();
    expect({ exports: await queued('export'), bulkInvitations: await queued('bulk-invitation') }).toEqual({
      exports: [job],
      bulkInvitations: [bulk],
    });
    await withoutJobs();
    for (let time = 0; time < 2; time += 1) {
      await server.purgeExpired();
      const names = ['email', 'export', 'bulk-invitation', 'publish-brands', 'upgrade-records'];
      expect(await Promise.all(names.map(queued))).toEqual([[email], [job], [bulk], ['brands'], ['records']]);
    }
  });

  it('is done when this release starts its jobs', async () => {
    await addPendingWork();
    await withoutJobs();
    await recordReads(server.db, daysAgo(3), 1);
    await server.purgeExpired();
    const { app, startJobs } = await createApp(server.config, server.db, { logTo: { write() {} } });
    const runner = await startJobs();
    await until(async () => mail.received.length >= 1 && (await queued('export')).length === 0);
    await until(async () => (await server.enrollments.listBulkInvitations(LIVE))[0]?.finishedAt !== undefined);
    // The scheduled task has queued the job that seals the audit log.
    await until(async () => (await server.db.queryText('select from audit_segment where events = 1', [])).length === 1);
    const schedules = await server.db.queryText<{ key: string; cron: string }>(
      'select key, cron from pgboss.schedule',
      [],
    );
    const operating = await readFile(new URL('../../docs/operating.md', import.meta.url), 'utf8');
    const [, table = ''] = operating.split('| task | what it does or deletes |');
    const described = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
    expect(schedules.map(({ key }) => key).sort()).toEqual(described.sort());
    expect(described).toHaveLength(41);
    // The audit log is sealed, archived and verified once a day.
    expect(schedules.find(({ key }) => key === 'archive-audit-log')?.cron).toBe('41 8 * * *');
    await runner.stop();
    await app.close();
    expect(await server.db.queryText("select 1 from export_job where state <> 'done'", [])).toEqual([]);
  });
});

it('a task that fails does not stop the others', async () => {
  const ran: string[] = [];
  const task = (name: string, fails = false): ScheduledTask => ({
    name,
    cron: '7 * * * *',
    async run() {
      ran.push(name);
      if (fails) throw new Error(`${name} failed`);
    },
  });
  await expect(runAllTasks([task('a'), task('b', true), task('c', true), task('d')], new Date())).rejects.toThrow(
    'b failed',
  );
  expect(ran).toEqual(['a', 'b', 'c', 'd']);
});
