import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { copyDataFolders } from '../support/database/data-folders.ts';
import { startEmbeddedProgram } from '../support/database/embedded-programs.ts';
import { postmasterOf, temporaryFolder } from '../support/database/folders.ts';
import { identities, usualIdentities } from '../support/database/identities.ts';
import { isResponding, queryValues } from '../support/database/query.ts';

const processGroup = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2]);

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

describe.each(identities())('$name', (identity) => {
  test('a first start creates a durable, private database', async () => {
    const dataDir = path.join(temporaryFolder(identity), 'data');
    const server = startEmbeddedProgram(dataDir, 'server', { identity });
    const { adopted, connection } = await server.waitForEvent('started');
    expect(adopted).toBe(false);
    const cluster = path.join(dataDir, 'database');
    expect(connection.host).toBe(cluster);

    const settings = ['fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums', 'password_encryption'];
    const values = await queryValues(
      connection,
      `select ${settings.map((name) => `current_setting('${name}')`).join()}`,
    );
    expect(values).toEqual(['on', 'on', 'on', 'on', 'scram-sha-256']);
    const listening = "select current_setting('listen_addresses'), current_setting('unix_socket_directories')";
    expect(await queryValues(connection, listening)).toEqual(['127.0.0.1', cluster]);
    await expect(queryValues({ ...connection, password: 'wrong' }, 'select 1')).rejects.toThrow(
      'password authentication failed',
    );

    expect(modeOf(path.join(dataDir, 'database-password'))).toBe('600');
    expect(modeOf(path.join(dataDir, 'postgres.log'))).toBe('600');
    expect(modeOf(path.join(dataDir, 'database'))).toBe('700');
    expect(readdirSync(dataDir).sort()).toEqual(['database', 'database-password', 'postgres.log']);
    await server.stop();
    expect(postmasterOf(dataDir)).toBeUndefined();
  });
});

describe.each(usualIdentities())('$name', (identity) => {
  const newDataFolder = copyDataFolders(identity);

  test('data survive a restart', async () => {
    const dataDir = newDataFolder();
    const first = startEmbeddedProgram(dataDir, 'server', { identity });
    const { connection } = await first.waitForEvent('started');
    await queryValues(connection, 'create table kept as select 42 as answer');
    await first.stop();

    const second = startEmbeddedProgram(dataDir, 'server', { identity });
    const again = await second.waitForEvent('started');
    expect(again.adopted).toBe(false);
    expect(await queryValues(again.connection, 'select answer from kept')).toEqual([42]);
    await second.stop();
  });

  test('a data folder with a path too long for a Unix socket is used over TCP', async () => {
    const folder = newDataFolder();
    const dataDir = `${folder}-${'x'.repeat(100)}`;
    renameSync(folder, dataDir);
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    const server = startEmbeddedProgram(dataDir, 'server', { identity });
    const { connection } = await server.waitForEvent('started');
    expect(connection.host).toBe('127.0.0.1');
    expect(await isResponding(connection)).toBe(true);
    await server.stop();
  });

  test.runIf(process.platform === 'linux')('Ctrl-C in the terminal does not reach the database', async () => {
    const dataDir = newDataFolder();
    const server = startEmbeddedProgram(dataDir, 'server', { identity });
    await server.waitForEvent('started');
    const database = postmasterOf(dataDir) ?? 0;
    expect(processGroup(database)).toBe(database);
    expect(processGroup(server.pid)).not.toBe(database);
    await server.stop();
  });

  test('two concurrent first starts create one database', async () => {
    const dataDir = temporaryFolder(identity);
    const both = [
      startEmbeddedProgram(dataDir, 'command', { identity }),
      startEmbeddedProgram(dataDir, 'server', { identity }),
    ];
    const [one, other] = await Promise.all(both.map((program) => program.waitForEvent('started')));
    expect(one?.connection).toEqual(other?.connection);
    await Promise.all(both.map((program) => program.stop()));
    expect(postmasterOf(dataDir)).toBeUndefined();
    expect(readdirSync(dataDir).sort()).toEqual(['database', 'database-password', 'postgres.log']);
  });
});
