import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/database/folders.ts';

const scripts = new URL('../../scripts/', import.meta.url);
const scriptNamed = (name: string): string => fileURLToPath(new URL(name, scripts));
const { judge } = await import(new URL('audit-dependencies.mjs', scripts).href);
const { ACCEPTED } = await import(new URL('accepted-advisories.mjs', scripts).href);

function folderWith(files: Readonly<Record<string, string>>): string {
  const home = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(home, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return home;
}

/** Runs a check in a folder. Leaves out exceptions of this project that the folder doesn't need. */
function run(script: string, cwd: string): { status: number | null; problems: string[] } {
  const { status, stdout } = spawnSync(process.execPath, [scriptNamed(script)], { cwd, encoding: 'utf8' });
  const lines = stdout.trim().split('\n').slice(0, -1);
  return { status, problems: lines.filter((line) => !line.endsWith('Delete it.')).sort() };
}

describe('npm run secrets', () => {
  test('reports keys, tokens and passwords in files that git has or would add, without showing them', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    // The parts are joined here, so that this file has no secret.
    const token = ['SG', 'a1B2'.repeat(6).slice(2), 'c3D4'.repeat(11).slice(1)].join('.');
    const url = ['postgresql://records', 'n7Gq2x@db.clinic.example/records'].join(':');
    const home = folderWith({
      'src/key.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      'src/app.json': JSON.stringify({ keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig' }] }),
      'deploy/token.sh': `# secretlint-disable\nexport TOKEN=${token}\n`,
      'docs/settings.md': `Set DATABASE_URL:\n\n    DATABASE_URL=${url}\n`,
      'docs/example.md': 'DATABASE_URL=postgresql://user:password@host/database\n',
      '.gitignore': 'ignored\n',
      'ignored/token.sh': token,
    });
    spawnSync('git', ['init', '--quiet'], { cwd: home });
    const { status, problems } = run('check-secrets.mjs', home);
    expect(problems).toEqual([
      expect.stringMatching(/^deploy\/token\.sh:2: found SendGrid api key/i),
      expect.stringMatching(/^docs\/settings\.md:3: found PostgreSQL connection string/i),
      expect.stringMatching(/^src\/app\.json:1: found a private key as JWK/),
      expect.stringMatching(/^src\/key\.pem:1: found private key/i),
    ]);
    expect(problems.join('\n')).not.toContain(token.slice(8));
    expect(status).toBe(1);
  });
});

describe('npm run dependencies', () => {
  const integrity = `sha512-${'A'.repeat(86)}==`;
  const lock = (packages: Readonly<Record<string, object>>): string =>
    JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { license: 'Apache-2.0' },
        ...Object.fromEntries(
          Object.entries(packages).map(([name, entry]) => [
            `node_modules/${name}`,
            { version: '1.0.0', integrity, license: 'MIT', ...entry },
          ]),
        ),
      },
    });

  test('reports licenses that are not allowed, and packages without a digest or from elsewhere', () => {
    const home = folderWith({
      'package-lock.json': lock({
        allowed: {},
        choice: { license: '(GPL-3.0-only OR MIT)' },
        both: { license: 'MIT AND GPL-3.0-only' },
        copyleft: { license: 'AGPL-3.0-only' },
        free: { license: 'Free for friends' },
        unlicensed: { license: undefined },
        'allowed/node_modules/nested': { license: 'MPL-2.0' },
        tool: { license: 'MPL-2.0', dev: true },
        fork: { resolved: 'git+ssh://git@github.com/someone/fork.git#abc' },
        weak: { integrity: 'sha1-AAAA' },
      }),
    });
    const { status, problems } = run('check-dependencies.mjs', home);
    expect(problems).toEqual([
      'both@1.0.0: its license (MIT AND GPL-3.0-only) isn’t allowed in what we ship',
      'copyleft@1.0.0: its license (AGPL-3.0-only) isn’t allowed in what we ship',
      'fork@1.0.0: it isn’t from the npm registry',
      'free@1.0.0: its license (Free for friends) isn’t allowed in what we ship',
      'nested@1.0.0: its license (MPL-2.0) isn’t allowed in what we ship',
      'unlicensed@1.0.0: its license (none) isn’t allowed in what we ship',
      'weak@1.0.0: package-lock.json has no SHA-512 digest of it',
    ]);
    expect(status).toBe(1);
  });
});

describe('npm run audit:dependencies', () => {
  const advisory = {
    id: 1,
    url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
    title: 'Leaks a file',
    severity: 'high',
    vulnerable_versions: '<2.0.0',
    cwe: ['CWE-22'],
    cvss: { score: 7.5, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' },
  };

  /** Runs the audit on a package with one dependency. The registry answers with the advisories. */
  async function auditWith(status: number, advisories: object): Promise<{ status: number; output: string }> {
    const versions = { '1.0.0': { name: 'leaky', version: '1.0.0' } };
    const registry = createServer(({ method }, response) => {
      const body = method === 'GET' ? { name: 'leaky', versions, 'dist-tags': { latest: '1.0.0' } } : advisories;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void registry.close().closeAllConnections());
    await once(registry, 'listening');
    const dependencies = { leaky: '1.0.0' };
    const home = folderWith({
      'package.json': JSON.stringify({ name: 'one', version: '1.0.0', dependencies }),
      'package-lock.json': JSON.stringify({
        name: 'one',
        version: '1.0.0',
        lockfileVersion: 3,
        packages: { '': { name: 'one', version: '1.0.0', dependencies }, 'node_modules/leaky': { version: '1.0.0' } },
      }),
    });
    const child = spawn(process.execPath, [scriptNamed('audit-dependencies.mjs')], {
      cwd: home,
      env: {
        PATH: process.env['PATH'],
        npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`,
        npm_config_cache: path.join(home, '.npm'),
        npm_config_fetch_retries: '0',
        npm_config_update_notifier: 'false',
      },
    });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    const [code] = await once(child, 'close');
    return { status: code, output };
  }

  test('fails if the registry knows a vulnerability of a package that we ship', async () => {
    const { status, output } = await auditWith(200, { leaky: [advisory] });
    expect(output).toContain(
      'leaky: Leaks a file (high, GHSA-aaaa-bbbb-cccc)\n1 problems in the packages that we ship',
    );
    expect(status).toBe(1);
  });

  test('says that vulnerabilities are unknown if the registry gives no answer', async () => {
    const { status, output } = await auditWith(405, {});
    expect(output).toContain('npm audit failed, so vulnerabilities are unknown: 405 Method Not Allowed');
    expect(status).toBe(2);
  });

  const report = { vulnerabilities: { leaky: { via: [{ ...advisory, name: 'leaky' }] }, user: { via: ['leaky'] } } };
  const line = 'leaky: Leaks a file (high, GHSA-aaaa-bbbb-cccc)';
  const acceptance = { id: 'GHSA-aaaa-bbbb-cccc', reason: 'We read no files with it.', until: '2026-12-31' };

  test('accepts an advisory until the day that its acceptance ends', () => {
    expect(judge(report, [acceptance], '2026-12-31')).toEqual({
      problems: [],
      notes: [`${line}: accepted until 2026-12-31. We read no files with it.`],
    });
    expect(judge(report, [acceptance], '2027-01-01').problems).toEqual([`${line}: it was accepted until 2026-12-31`]);
  });

  test('prints advisories below the level, and reports acceptances without an advisory', () => {
    const low = { vulnerabilities: { leaky: { via: [{ ...advisory, name: 'leaky', severity: 'low' }] } } };
    expect(judge(low, [], '2026-12-31')).toEqual({ problems: [], notes: [line.replace('high', 'low')] });
    expect(judge({ vulnerabilities: {} }, [acceptance], '2026-12-31').problems).toHaveLength(1);
  });

  test('every accepted advisory has a reason and an end', () => {
    for (const { id, reason, until } of ACCEPTED) {
      expect(id).toMatch(/^GHSA(-[\da-z]{4}){3}$/);
      expect(reason.length).toBeGreaterThan(20);
      expect(until).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
  });
});
