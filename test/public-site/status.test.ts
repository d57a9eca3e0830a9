import { existsSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createApp } from '../../src/app.ts';
import { days, later, minutes } from '../../src/kernel/index.ts';
import { createStatusMonitor } from '../../src/public-site/status/status.ts';
import { countOf, hasElement } from '../support/browser/html.ts';
import { apiCaller } from '../support/people/developer-portal.ts';
import { addAnotherPractice } from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const SENDING = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'mail@practice.example' };

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
// Each test begins like a first start, without history, and with a clock at which a probe is due.
beforeEach(async () => {
  await server.db.queryText('truncate status_sample, status_day, status_incident', []);
  server.clock.advance(minutes(5));
});

/** Starts a server for one test that leaves more behind than probe results. */
async function ownServer(settings?: Record<string, string>): Promise<TestServer> {
  const own = await startServer(settings);
  onTestFinished(() => own.close());
  return own;
}

interface Component {
  readonly component: string;
  readonly state: string;
  readonly good: number | null;
  readonly milliseconds: { readonly half: number; readonly most: number } | null;
  readonly days: readonly { readonly day: string; readonly good: number | null }[];
}
const read = async (at = server) => (await apiCaller(at, undefined).call('GET', '/public/status')).body;
const page = (headers: Record<string, string> = {}, at = server) =>
  at.app.inject({ method: 'GET', url: '/status', headers });
const stateOf = async (name: string, at = server): Promise<string | undefined> =>
  ((await read(at)).components as Component[]).find(({ component }) => component === name)?.state;
const samples = (at = server) =>
  at.db.queryText<{ samples: number }>('select sum(samples)::int4 as samples from status_day', []);

describe('the status probe', () => {
  it('before it has run reports unknown, and no day', async () => {
    const { overall, components } = await read();
    expect(overall).toBe('unknown');
    for (const { state, days: told, good } of components as Component[]) {
      expect({ state, good, told: told.length }).toEqual({ state: 'unknown', good: null, told: 90 });
      expect(told.every((day) => day.good === null)).toBe(true);
    }
  });

  it('checks each component and finds it working; mail is not a component if none is sent', async () => {
    await server.runMaintenance();
    const { overall, components } = await read();
    expect(overall).toBe('working');
    expect((components as Component[]).map(({ component, state }) => [component, state])).toEqual(
      ['authorize', 'token', 'r4', 'dstu2', 'portal', 'brands'].map((component) => [component, 'working']),
    );
    for (const { days: told, milliseconds } of components as Component[]) {
      expect(told.at(-1)).toEqual({ day: server.clock.now().toISOString().slice(0, 10), good: 1 });
      expect(milliseconds?.half).toBeGreaterThan(0);
    }
  });

  it('runs once in five minutes, however many servers there are', async () => {
    await Promise.all([server.runMaintenance(), server.runMaintenance(), server.runMaintenance()]);
    await server.runMaintenance();
    expect(await samples()).toEqual([{ samples: 6 }]);
    server.clock.advance(minutes(5));
    await server.runMaintenance();
    expect(await samples()).toEqual([{ samples: 12 }]);
  });

  it('results from a quarter of an hour ago do not count as current', async () => {
    await server.runMaintenance();
    server.clock.advance(minutes(21));
    expect(await stateOf('r4')).toBe('unknown');
  });

  it('reports mail that waits too long as a failure of mail only', async () => {
    const sending = await ownServer(SENDING);
    await sending.runMaintenance();
    expect(await stateOf('mail', sending)).toBe('working');
    const old = later(sending.clock.now(), -minutes(20));
    await sending.db.queryText(
      `insert into mail (mail_id, recipient, sender_name, subject, content, outbox, created_at, next_at)
       values (gen_random_uuid(), 'a@b.example', 'x', 'x', 'x', false, $1, $1)`,
      [old],
    );
    sending.clock.advance(minutes(5));
    await sending.runMaintenance();
    expect((await read(sending)).overall).toBe('partly');
    expect(await stateOf('mail', sending)).toBe('failing');
    expect(await stateOf('r4', sending)).toBe('working');
    const { body } = await page({}, sending);
    expect(body).toContain('Some services have problems right now');
    expect(body).toContain('Emails may arrive late');
    expect(body).toContain('You don’t need email to sign in or to use your connected apps.');
    expect(body).toContain('print a letter, or give the code in person or by phone');
  });

  it('says nothing about late email while email works', async () => {
    const sending = await ownServer(SENDING);
    await sending.runMaintenance();
    expect((await page({}, sending)).body).not.toContain('Emails may arrive late');
  });

  it('reports a bundle that cannot be published as a failure of the brands', async () => {
    const broken = await ownServer();
    await broken.runMaintenance();
    await addAnotherPractice(broken, 'X');
    await broken.db.queryText(`update practice set website = 'javascript:alert(1)' where practice_id = 1`, []);
    broken.clock.advance(minutes(5));
    await broken.runMaintenance();
    expect(await stateOf('brands', broken)).toBe('failing');
  });

  it('reports later what it found while the database was unavailable', async () => {
    await server.runMaintenance();
    await server.db.queryText('alter table status_sample rename to away', []);
    server.clock.advance(minutes(5));
    await expect(server.runMaintenance()).rejects.toThrow(/status_sample/);
    await server.db.queryText('alter table away rename to status_sample', []);
    server.clock.advance(minutes(5));
    await server.runMaintenance();
    expect(await samples()).toEqual([{ samples: 18 }]);
  });

  it('keeps daily results when its samples are deleted, and deletes them after 90 days', async () => {
    const old = await ownServer();
    await old.runMaintenance();
    old.clock.advance(days(89));
    await old.runMaintenance();
    await old.purgeExpired();
    expect(await samples(old)).toEqual([{ samples: 12 }]);
    old.clock.advance(days(3));
    await old.purgeExpired();
    expect(await samples(old)).toEqual([{ samples: 6 }]);
  });
});

describe('the status page', () => {
  it('draws a bar for each day, and repeats it in words', async () => {
    await server.runMaintenance();
    const day = later(server.clock.now(), -days(3)).toISOString().slice(0, 10);
    await server.db.queryText(`insert into status_day values ($1, 'r4', 288, 144)`, [day]);
    const { body } = await page();
    expect(countOf(body, 'svg.days[role=img]')).toBe(6);
    expect(countOf(body, 'rect.bad')).toBe(2);
    expect(body).toMatch(
      /aria-label="Reading health data \(FHIR R4\), last 90 days: 50\.17% uptime\. Days with outages: [A-Z][a-z]+ \d+, \d{4}\."/,
    );
  });

  it('never rounds up to 100 % after a failure', async () => {
    await server.runMaintenance();
    const day = later(server.clock.now(), -days(3)).toISOString().slice(0, 10);
    await server.db.queryText(`insert into status_day values ($1, 'r4', 100000, 99999)`, [day]);
    expect((await page()).body).toContain('99.99% uptime');
  });

  it('is in the reader’s language, works without script, and is not cacheable', async () => {
    await server.runMaintenance();
    const { body, headers } = await page({ 'accept-language': 'es' });
    expect(body).toContain('Todos los servicios funcionan');
    expect(hasElement(body, 'script')).toBe(false);
    expect(headers['cache-control']).toBe('no-cache');
  });

  it('reports an outage when the database cannot be read', async () => {
    await server.db.queryText('alter table status_day rename to away', []);
    const { statusCode, body, headers } = await page();
    await server.db.queryText('alter table away rename to status_day', []);
    expect({ statusCode, retryAfter: headers['retry-after'] }).toEqual({ statusCode: 503, retryAfter: '60' });
    expect(body).toContain('The service is not working right now');
  });

  it('reveals no host, no software version, and no number of users', async () => {
    await server.runMaintenance();
    const answer = JSON.stringify(await read());
    const { body } = await page();
    for (const text of [answer, body]) {
      expect(text).not.toMatch(/localhost|127\.0\.0\.1|postgres|node|fastify|patients?"/i);
      expect(text).not.toContain(process.versions.node);
    }
  });
});

it('reads the database once for concurrent requests, and a later request gets fresh data', async () => {
  const { db, clock } = server;
  let asked = 0;
  const counting: Pick<typeof db, 'query'> = {
    query: (...question) => {
      asked += 1;
      return db.query(...question);
    },
  };
  const status = createStatusMonitor({
    db: { ...db, ...counting },
    clock,
    probes: { portal: async () => true },
    diskIsLow: async () => false,
  });
  const reports = await Promise.all(Array.from({ length: 50 }, () => status.report()));
  expect({ asked, reports: new Set(reports).size }).toEqual({ asked: 4, reports: 1 });
  await status.report();
  expect(asked).toBe(8);
});

describe('the disk of the embedded database', () => {
  const composedWith = async (dataDir: string) => {
    const { app } = await createApp(server.config, server.db, { clock: server.clock, logTo: { write() {} }, dataDir });
    onTestFinished(() => app.close());
    return app;
  };
  // /proc is a file system of the kernel, which never has free space.
  it.runIf(existsSync('/proc/self'))('is warned about when it is nearly full, in text and in JSON', async () => {
    const app = await composedWith('/proc');
    expect((await app.inject('/status')).body).toContain('running out of disk space');
    const spanish = await app.inject({ url: '/status', headers: { 'accept-language': 'es' } });
    expect(spanish.body).toContain('poco espacio en disco');
    expect((await app.inject('/api/public/status')).json().diskIsLow).toBe(true);
  });

  it('is not mentioned if the database is external', async () => {
    expect((await page()).body).not.toContain('disk space');
    expect((await read()).diskIsLow).toBe(false);
  });
});
