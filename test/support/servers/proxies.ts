import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { until } from '../runs/until.ts';
import { findInstalled } from './installed-program.ts';
import { freePort } from './processes.ts';

/** Reverse proxies whose configuration is documented in `deploy/proxies`. */
export const PROXIES = ['nginx', 'haproxy'] as const;
export type ProxyName = (typeof PROXIES)[number];

export interface Proxy {
  close(): Promise<void>;
}

/** Folder with the certificate for localhost that a proxy uses. */
export interface TlsFolder {
  readonly folder: string;
  readonly certificate: string;
  remove(): void;
}

/** Creates a certificate for localhost, in the files that the documented configurations name. */
export function createCertificate(): TlsFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-tls-'));
  // The worker processes of a proxy run as another user.
  chmodSync(folder, 0o755);
  const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  const words =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
  execFileSync('openssl', [...words.split(' '), '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  const text = readFileSync(certificate, 'utf8');
  writeFileSync(path.join(folder, 'certificate-and-key.pem'), text + readFileSync(key, 'utf8'));
  return { folder, certificate: text, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Starts a proxy with its documented configuration, in which only addresses, folders and the user are replaced.
 * @param port port for HTTPS
 * @param servers ports of the two servers
 */
export async function startProxy(
  name: ProxyName,
  { folder }: TlsFolder,
  port: number,
  servers: readonly [number, number],
): Promise<Proxy> {
  const program = findInstalled(name);
  if (program === undefined) throw new Error(`${name} isn't installed`);
  const settings = path.join(folder, `${name}.conf`);
  writeFileSync(settings, await (name === 'nginx' ? nginxSettings : haproxySettings)(folder, port, servers));
  const child = spawn(program, name === 'nginx' ? ['-c', settings] : ['-db', '-f', settings], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (data) => {
      printed += data;
    });
  }
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${printed}`);
    return accepts(port);
  });
  return {
    async close() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const [event] = await Promise.race([
    once(socket, 'connect').then(() => ['connect']),
    once(socket, 'close').then(() => ['close']),
  ]).catch(() => ['error']);
  socket.destroy();
  return event === 'connect';
}

const documented = (file: string): string => readFileSync(path.join(CHECKOUT, 'deploy/proxies', file), 'utf8');

/** Replaces each text everywhere. Throws if the documented configuration doesn't have it. */
function replaceAll(text: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`The documented configuration doesn't contain “${from}”.`);
    return now.replaceAll(from, to);
  }, text);
}

const addressesOf = ([one, two]: readonly [number, number]) => ({
  '127.0.0.1:8080': `127.0.0.1:${one}`,
  '127.0.0.1:8081': `127.0.0.1:${two}`,
});

async function nginxSettings(folder: string, port: number, servers: readonly [number, number]): Promise<string> {
  const included = replaceAll(documented('nginx.conf'), {
    ...addressesOf(servers),
    'listen [::]:443 ssl;': '',
    'listen [::]:80;': '',
    'listen 443': `listen 127.0.0.1:${port}`,
    'listen 80': `listen 127.0.0.1:${await freePort()}`,
    'server_name records.example.org': 'server_name localhost',
    '/etc/patient-access/tls': folder,
    '/var/log/nginx': folder,
  });
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off;
pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
${folders.join('\n')}
${included}
}
`;
}

async function haproxySettings(folder: string, port: number, servers: readonly [number, number]): Promise<string> {
  return replaceAll(documented('haproxy.cfg'), {
    ...addressesOf(servers),
    'bind :443': `bind 127.0.0.1:${port}`,
    'bind :80': `bind 127.0.0.1:${await freePort()}`,
    'log /dev/log local0': 'log stdout format raw local0',
    // Only root can become another user.
    'user haproxy': '',
    'group haproxy': '',
    '/etc/patient-access/tls': folder,
  });
}
