import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { R4, TOKEN_PATH } from '../../bench/against/api-paths.ts';
import { startEmbedded } from '../../src/database/index.ts';
import { hiddenFields } from '../support/browser/html.ts';
import { backedUpDatabase, readNotes, runJson } from '../support/database/embedded-backup.ts';
import { makeFolder } from '../support/database/folders.ts';
import { queryValues } from '../support/database/query.ts';
import { until } from '../support/runs/until.ts';
import { runCli } from '../support/servers/command-line.ts';
import { addFeedApp, type FeedApp, requestFeedToken } from '../support/servers/feed-app.ts';
import { addCliApp, patientStatus } from '../support/servers/installation.ts';
import {
  browserAt,
  connectOverHttp,
  type HttpBrowser,
  refreshOverHttp,
  signInOverHttp,
  type Tokens,
} from '../support/servers/over-http.ts';
import { bundledServer, cliProcess, freePort, startCommand, startServerProcess } from '../support/servers/processes.ts';
import { startTimedWriters, type TimedWrite } from '../support/servers/timed-writers.ts';

// The tests keep their order: they follow one server and its backup.
describe('a server that writes while it is backed up', { shuffle: false }, () => {
  const kills: (() => void)[] = [];
  let files: ReturnType<typeof makeFolder>;
  let settings: Readonly<Record<string, string>> & { readonly DATA_DIR: string };
  let feed: FeedApp;
  let writes: readonly TimedWrite[];
  let backup: string;
  /** The second to restore. */
  let target: Date;

  beforeAll(() => {
    files = makeFolder();
    backup = path.join(files.folder, 'backup');
  });
  afterAll(async () => {
    for (const kill of kills) kill();
    await files.remove();
  });

  const place = (name: string): string => path.join(files.folder, name);
  const start = (env: Readonly<Record<string, string>>) =>
    startServerProcess(env, (kill) => kills.push(kill), bundledServer());

  const requestToken = (origin: string): Promise<string> => requestFeedToken(origin, feed);

  it('has a backup, also after one was killed, and answers meanwhile', { timeout: 240_000 }, async () => {
    const port = String(await freePort());
    settings = { DATA_DIR: place('data'), WAL_ARCHIVE_DIR: place('wal'), SANDBOX: 'off', PORT: port };
    const server = await start(settings);
    feed = await addFeedApp(async (...words) => (await runCli(words, settings)).out, files.folder);
    const writers = startTimedWriters(server.origin, await requestToken(server.origin));
    await until(() => writers.writes.length > 200);

    const killed = startCommand(['backup', backup], settings);
    await until(() => readdirSync(files.folder).some((name) => name.startsWith('backup.incomplete-')));
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(readdirSync(files.folder)).not.toContain('backup');

    const before = performance.now();
    const first = writers.writes.length;
    const made = await cliProcess(['backup', backup, '--json'], settings);
    const seconds = (performance.now() - before) / 1000;
    const last = writers.writes.length;
    expect({ code: made.code, err: made.code === 0 ? '' : made.err }).toEqual({ code: 0, err: '' });
    expect(readdirSync(files.folder).filter((name) => name.startsWith('backup'))).toEqual(['backup']);
    await until(() => writers.writes.length > last + 100);
    target = new Date((Math.floor(Date.now() / 1000) + 1) * 1000);
    const { length } = writers.writes;
    await until(() => Date.now() > target.getTime() + 500 && writers.writes.length > length + 100);
    await writers.stop();
    await server.stop();
    ({ writes } = writers);
    expect(writers.failures).toEqual([]);
    console.log(
      JSON.stringify({
        seconds,
        megabytes: JSON.parse(made.out).bytes / 1e6,
        writes: writes.length,
        medianBefore: median(writes.slice(first - 200, first)),
        medianDuring: median(writes.slice(first, last)),
        slowestDuring: Math.max(...writes.slice(first, last).map(({ began, acknowledged }) => acknowledged - began)),
      }),
    );
  });

  it('doesn’t get its data back without the key', async () => {
    const { code, err } = await runJson(['restore', backup], { ...settings, DATA_DIR: place('restored') });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('Restore your copy of it') });
    expect(readdirSync(files.folder)).not.toContain('restored');
  });

  it('is restored to a chosen second: all writes acknowledged before it, and none that began after it', {
    timeout: 240_000,
  }, async () => {
    const restored = { ...settings, DATA_DIR: place('restored') };
    mkdirSync(restored.DATA_DIR, { mode: 0o711 });
    cpSync(path.join(settings.DATA_DIR, 'encryption-key'), path.join(restored.DATA_DIR, 'encryption-key'));
    const before = performance.now();
    const { code, err, answer } = await runJson(['restore', backup, '--to', target.toISOString()], restored);
    console.log(JSON.stringify({ restoreSeconds: (performance.now() - before) / 1000, ...answer }));
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    const metricsPort = String(await freePort());
    const server = await start({ ...restored, METRICS_PORT: metricsPort });
    const headers = { authorization: `Bearer ${await requestToken(server.origin)}` };
    const isThere = async ({ resource }: TimedWrite) =>
      (await fetch(`${server.origin}${R4}/${resource}`, { headers })).status === 200;
    const earlier = writes.filter(({ acknowledged }) => acknowledged < target.getTime());
    const later = writes.filter(({ began }) => began > target.getTime());
    const lost: string[] = [];
    for (const write of earlier) if (!(await isThere(write))) lost.push(write.resource);
    const tooNew: string[] = [];
    for (const write of later) if (await isThere(write)) tooNew.push(write.resource);
    console.log(JSON.stringify({ earlier: earlier.length, later: later.length }));
    expect({ lost, tooNew }).toEqual({ lost: [], tooNew: [] });
    expect(earlier.length).toBeGreaterThan(200);
    expect(later.length).toBeGreaterThan(20);
    const doctor = await runJson(['doctor'], restored);
    expect(doctor.answer.filter(({ about }: { about: string }) => about === 'backup')).toMatchObject([
      { state: 'fine' },
    ]);
    const metrics = await (await fetch(`http://localhost:${metricsPort}/metrics`)).text();
    expect(metrics).toContain('patient_access_wal_archive_failing 0');
    await server.stop();
  });
});

const median = (writes: readonly TimedWrite[]): number | undefined =>
  writes
    .map(({ began, acknowledged }) => acknowledged - began)
    .sort((one, other) => one - other)
    .at(writes.length / 2);

/** Waits until the server has copied its latest changes to the archive of the audit log, which it does every minute. */
const untilCopied = (archive: string, text: string): Promise<void> =>
  until(() =>
    (existsSync(archive) ? readdirSync(archive) : [])
      .filter((name) => name.startsWith('recent-'))
      .some((name) => readFileSync(path.join(archive, name), 'utf8').includes(text)),
  );

const PATIENTS = ['kept', 'disconnects', 'signs-out', 'locked', 'closes', 'resets'] as const;
type PatientName = (typeof PATIENTS)[number];

// A drill of what docs/backup.md and docs/after-restore.md say, with the commands of an operator.
describe('an installation that is restored to the second before access was revoked', () => {
  const kills: (() => void)[] = [];
  let files: ReturnType<typeof makeFolder>;
  beforeAll(() => {
    files = makeFolder();
  });
  afterAll(async () => {
    for (const kill of kills) kill();
    await files.remove();
  });

  it('doesn’t let it work again once after-restore has repeated the revocations', { timeout: 400_000 }, async () => {
    const place = (name: string): string => path.join(files.folder, name);
    const settings = {
      DATA_DIR: place('data'),
      WAL_ARCHIVE_DIR: place('wal'),
      AUDIT_ARCHIVE_DIR: place('audit'),
      SANDBOX: 'on',
      PORT: String(await freePort()),
    };
    const start = (env: Readonly<Record<string, string>>) =>
      startServerProcess(env, (kill) => kills.push(kill), bundledServer());
    let env: Readonly<Record<string, string>> = settings;
    const run = async (...words: readonly string[]) => {
      const { code, err, answer } = await runJson(words, env);
      if (code !== 0 && words[0] !== 'doctor') throw new Error(`${words.join(' ')}: ${err}`);
      return answer;
    };

    // The work before the backup.
    const server = await start(settings);
    const { origin } = server;
    const patients = PATIENTS.map((id) => ({ resourceType: 'Patient', id, name: [{ family: id }], gender: 'other' }));
    writeFileSync(place('patients.ndjson'), patients.map((one) => JSON.stringify(one)).join('\n'));
    await run('load', place('patients.ndjson'), '--practice', 'Live practice');
    const loaded: readonly { readonly id: string; readonly name: string }[] = await run('patients', 'list');
    const [app, suspended] = [await addCliApp(settings, ['--active']), await addCliApp(settings, ['--active'])];
    const people = {} as Record<PatientName, { readonly username: string; readonly password: string }>;
    const tokens = {} as Record<PatientName | 'suspended', Tokens>;
    for (const name of PATIENTS) {
      const patient = loaded.find((one) => one.name.includes(name));
      const { password } = await run('patients', 'add', patient?.id ?? '', '--username', name);
      people[name] = { username: name, password };
      tokens[name] = await connectOverHttp(origin, app, people[name]);
    }
    tokens.suspended = await connectOverHttp(origin, suspended);
    const sessions = {} as Record<'signs-out' | 'closes', HttpBrowser>;
    /** A copy of the cookie of the session that ends when its owner signs out. */
    let copiedCookie = '';
    for (const name of ['signs-out', 'closes'] as const) {
      sessions[name] = browserAt(origin);
      const { headers } = await signInOverHttp(sessions[name], '/sign-in', people[name]);
      const session = headers.getSetCookie().find((line) => line.startsWith('session='));
      if (name === 'signs-out') copiedCookie = session?.split(';')[0] ?? '';
    }
    const { link } = await run('accounts', 'lost-factor', people.resets.username, '--proofing', 'Photo ID');
    await run('backup', place('backup'));
    const later = await connectOverHttp(origin, app, people.kept);

    // The second before the revocations.
    const target = new Date((Math.floor(Date.now() / 1000) + 1) * 1000);
    await until(() => Date.now() > target.getTime() + 500);
    const [grant] = await run('grants', 'list', '--username', people.disconnects.username);
    await run('grants', 'end', grant.grant_id, '--by', 'patient');
    const reason = ['--ground', 'security-risk', '--reason', 'A key leaked.'];
    await run('apps', 'set-state', suspended.client_id, 'suspended', ...reason);
    await run('accounts', 'lock', people.locked.username, '--reason', 'Stolen phone');
    const submit = async (browser: HttpBrowser, page: string, action: string, fields: Record<string, string>) => {
      const form = hiddenFields(await browser(page), `form[action="${action}"]`);
      return browser(action, new URLSearchParams({ ...form, ...fields }));
    };
    await submit(sessions.closes, '/account/security/close', '/account/security/close', { sure: 'yes' });
    await submit(sessions['signs-out'], '/account/security', '/sign-out', {});
    const { pathname } = new URL(link);
    await submit(browserAt(origin), pathname, pathname, { password: people.resets.password });
    const use = async ({ access_token }: Tokens): Promise<number> => patientStatus(origin, access_token);
    const useAll = async () =>
      Object.fromEntries(await Promise.all(Object.entries(tokens).map(async ([name, one]) => [name, await use(one)])));
    const open = async (browser: HttpBrowser, page: string) => (await browser(page)).status;
    const useOthers = async () => ({
      signedOut: (
        await fetch(new URL('/account/security', origin), { redirect: 'manual', headers: { cookie: copiedCookie } })
      ).status,
      closed: (await signInOverHttp(browserAt(origin), '/sign-in', people.closes)).status,
      locked: (await signInOverHttp(browserAt(origin), '/sign-in', people.locked)).status,
      link: await open(browserAt(origin), pathname),
    });
    const ended = {
      tokens: { kept: 200, disconnects: 401, 'signs-out': 200, locked: 401, closes: 401, resets: 200, suspended: 401 },
      others: { signedOut: 303, closed: 401, locked: 403, link: 410 },
    };
    await expect.poll(useAll).toEqual(ended.tokens);
    expect(await useOthers()).toEqual(ended.others);
    await untilCopied(settings.AUDIT_ARCHIVE_DIR, 'factors-removed');
    await server.stop();

    // The restore.
    env = { ...settings, DATA_DIR: place('restored') };
    mkdirSync(place('restored'), { mode: 0o711 });
    cpSync(path.join(settings.DATA_DIR, 'encryption-key'), path.join(place('restored'), 'encryption-key'));
    await run('restore', place('backup'), '--to', target.toISOString());
    const restored = await start(env);
    expect(await use(later)).toBe(200);
    expect(new Set(Object.values(await useAll()))).toEqual(new Set([200]));
    expect(await useOthers()).toEqual({ signedOut: 200, closed: 303, locked: 303, link: 200 });
    const findings: { about: string; state: string; says: string }[] = await run('doctor');
    expect(findings.filter(({ about }) => about === 'restore')).toMatchObject([
      { state: 'broken', says: expect.stringContaining('Revocations that aren’t in effect: 5.') },
    ]);

    const { revocations } = await run('after-restore', '--reapply');
    const results = revocations.map(({ name, result }: { name: string; result: string }) => `${name}: ${result}`);
    expect(results.toSorted()).toEqual([
      'account/close: reapplied',
      'account/lock: reapplied',
      'app/set-state: reapplied',
      'factor/factors-removed: not-needed',
      'revocation/end: reapplied',
    ]);
    await expect.poll(useAll).toEqual(ended.tokens);
    expect(await useOthers()).toEqual(ended.others);
    for (const name of ['disconnects', 'locked', 'closes'] as const)
      await expect(refreshOverHttp(`${origin}${TOKEN_PATH}`, app, tokens[name].refresh_token)).rejects.toThrow('400');
    await restored.stop();
  });
});

// The tests keep their order: a restore begins a timeline in the archive.
describe('a backup with an archive', { shuffle: false }, () => {
  const database = backedUpDatabase();
  /** The archive's folder for this database. */
  const archive = (): string => {
    const { wal } = database();
    return path.join(wal, readdirSync(wal)[0] ?? '');
  };

  it('isn’t restored beyond a WAL file that is missing or damaged', async () => {
    const { backup, wal, newPlace } = database();
    const own = readdirSync(path.join(backup, 'wal')).at(-1) ?? '';
    const [first = ''] = readdirSync(archive())
      .filter((name) => /^[0-9A-F]{24}\.gz$/.test(name) && name > `${own}.gz`)
      .sort();
    const [file, aside] = [path.join(archive(), first), path.join(archive(), 'aside')];
    const content = readFileSync(file);
    const verify = async () => (await runJson(['backup', 'verify', backup], { WAL_ARCHIVE_DIR: wal })).answer.problems;
    renameSync(file, aside);
    const missing = await verify();
    writeFileSync(file, content.subarray(0, content.length / 2));
    const damaged = await verify();
    const place = newPlace('with the key');
    const restored = await runJson(['restore', backup], { DATA_DIR: place, WAL_ARCHIVE_DIR: wal });
    renameSync(aside, file);
    const name = first.replace('.gz', '');
    expect(missing).toEqual([`The WAL file ${name} is missing, but later ones are there.`]);
    expect(damaged).toEqual([`The WAL file ${name} is damaged.`]);
    expect(restored).toMatchObject({ code: 1, err: expect.stringContaining('is damaged') });
    expect(readdirSync(place)).toEqual(['encryption-key']);
  });

  it('is restored along the latest restore, not along the history that it left', async () => {
    const { backup, wal, between, newPlace } = database();
    const [first, second] = [newPlace('with the key'), newPlace('with the key')];
    const settings = { WAL_ARCHIVE_DIR: wal };
    const earlier = await runJson(['restore', backup, '--to', between.toISOString()], { ...settings, DATA_DIR: first });
    expect(earlier).toMatchObject({ code: 0, answer: { timeline: 2 } });
    const changed = await startEmbedded({ dataDir: first, serving: true, walArchive: wal });
    await queryValues(changed.connection, 'insert into note values (5)');
    await changed.stop();
    const latest = await runJson(['restore', backup], { ...settings, DATA_DIR: second });
    expect(latest).toMatchObject({ code: 0, answer: { timeline: 3 } });
    const embedded = await startEmbedded({ dataDir: second, serving: true });
    expect(await readNotes(embedded.connection)).toEqual([1, 2, 5]);
    await embedded.stop();

    const verified = await runJson(['backup', 'verify', backup, '--timeline', '1'], settings);
    expect(verified).toMatchObject({ code: 0, answer: { timeline: 1, other_timelines: [3, 2], problems: [] } });
    const left = newPlace('with the key');
    const words = ['restore', backup, '--wal', wal, '--timeline', '1'];
    expect(await runJson(words, { DATA_DIR: left })).toMatchObject({ code: 0 });
    const abandoned = await startEmbedded({ dataDir: left, serving: true });
    expect(await readNotes(abandoned.connection)).toEqual([1, 2, 3, 4]);
    await abandoned.stop();
  });

  it('is deleted when newer ones suffice, with the WAL that no other one needs', async () => {
    const { backup, wal } = database();
    const parent = path.dirname(backup);
    cpSync(backup, path.join(parent, 'copy'), { recursive: true });
    const pruned = await runJson(['backup', 'prune', parent, '--keep', '1'], { WAL_ARCHIVE_DIR: wal });
    expect(pruned).toMatchObject({ code: 0, answer: { kept: [expect.any(String)], removed: [expect.any(String)] } });
    const [left = ''] = readdirSync(parent);
    const verified = await runJson(['backup', 'verify', path.join(parent, left)], { WAL_ARCHIVE_DIR: wal });
    expect(verified.answer.problems).toEqual([]);
    const oldest = readdirSync(path.join(parent, left, 'wal')).sort()[0] ?? '';
    const segments = readdirSync(archive()).filter((name) => /^[0-9A-F]{24}/.test(name));
    expect(segments.filter((name) => name.slice(8) < oldest.slice(8))).toEqual([]);
    expect(pruned.answer.wal_files).toBeGreaterThan(0);
  });

  it('is reported by doctor if its archive fails', { timeout: 60_000 }, async () => {
    const { newPlace } = database();
    const dataDir = newPlace('without a key');
    const wal = path.join(path.dirname(dataDir), 'a file');
    writeFileSync(wal, '');
    const settings = { DATA_DIR: dataDir, WAL_ARCHIVE_DIR: wal };
    const embedded = await startEmbedded({ dataDir, serving: true, walArchive: wal });
    await runJson(['migrate'], settings);
    await queryValues(embedded.connection, 'select pg_switch_wal()');
    const failures = () => queryValues(embedded.connection, 'select failed_count::int from pg_stat_archiver');
    await until(async () => Number((await failures())[0]) > 0);
    const { answer } = await runJson(['doctor'], settings);
    await embedded.stop();
    expect(answer.filter(({ about }: { about: string }) => about === 'backup')).toMatchObject([
      { state: 'broken', says: expect.stringContaining(`can’t be archived to ${wal}`) },
    ]);
    expect(statSync(wal).size).toBe(0);
  });
});
