// A machine of its own for the commands of the production guide: a Linux namespace.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { findCommand } from './commands.ts';
import { Shell } from './shell.ts';

const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
const START = path.join(import.meta.dirname, 'machine/start.sh');

/** Returns why the tests can't create such a machine here; undefined if they can. */
export function missingForMachine(): string | undefined {
  const missing = Object.entries({
    bash: 'bash',
    curl: 'curl',
    ip: 'iproute2',
    openssl: 'openssl',
    pg_createcluster: 'postgresql',
    runuser: 'util-linux',
    unshare: 'util-linux',
    useradd: 'passwd',
  }).filter(([command]) => findCommand(command) === undefined);
  if (missing.length > 0) return `this machine has no Debian package ${missing.map(([, name]) => name).join(', ')}`;
  const { status } = spawnSync('unshare', [...NAMESPACES, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  return status === 0 ? undefined : 'only root may create namespaces';
}

/** A machine with a bash, PostgreSQL, a mail server, and two releases in /opt. Nothing in it changes this machine. */
export class OwnMachine {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'patient-access-machine-'));
  readonly shell = new Shell('/', { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' }, [
    'unshare',
    ...NAMESPACES,
    START,
    this.#folder,
    CHECKOUT,
    process.execPath,
  ]);

  /** Returns the values that the reader of the guide fills in. */
  async values(): Promise<Readonly<Record<string, string>>> {
    const { output } = await this.shell.run('cat /run/guide/smtp-url');
    return {
      RELEASE: '/opt/patient-access-1',
      NEXT: '/opt/patient-access-2',
      PUBLIC_NAME: 'care.example.net',
      DATABASE_CERTIFICATE: '/run/guide/tls/db.example.net.pem',
      DATABASE_KEY: '/run/guide/tls/db.example.net.key',
      SERVER_NETWORK: '127.0.0.1/32',
      DATABASE_HOST: 'db.example.net',
      DATABASE_CA: '/run/guide/tls/ca.pem',
      SMTP_URL: output,
      CERTIFICATE: '/run/guide/tls/care.example.net.pem',
      KEY: '/run/guide/tls/care.example.net.key',
      EXPORT: '/run/guide/export.ndjson',
      REPOSITORY: '/var/lib/postgresql/repository',
    };
  }

  /** Returns a second to restore to. The database has a change after it, without which it can't be restored. */
  async chooseSecond(): Promise<string> {
    const change = 'runuser -u patient-access -- patient-access audit search > /dev/null';
    const { output, errors, status } = await this.shell.run(`date -u '+%F %T+00'; sleep 1; ${change}`);
    if (status !== 0) throw new Error(`the audit log can’t be searched: ${errors}`);
    return output.trim();
  }

  /** Ends all of its processes. */
  async close(): Promise<void> {
    await this.shell.close();
    rmdirSync(this.#folder);
  }
}
