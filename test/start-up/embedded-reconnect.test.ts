import { expect, test } from 'vitest';
import { startEmbedded } from '../../src/database/embedded/index.ts';
import { copyDataFolders } from '../support/database/data-folders.ts';
import { breakCluster, postmasterOf } from '../support/database/folders.ts';
import { identities } from '../support/database/identities.ts';
import { isResponding, queryValues } from '../support/database/query.ts';
import { until } from '../support/runs/until.ts';

const [ourselves] = identities();
const newDataFolder = copyDataFolders(ourselves);
const LOCKS = "select pid from pg_stat_activity where application_name = 'patient-access locks'";

test('a server whose lock connection is cut reacquires its locks', async () => {
  const dataDir = newDataFolder();
  const { connection, stop } = await startEmbedded({ dataDir, serving: true });
  const before = await queryValues(connection, LOCKS);
  await queryValues(connection, `select pg_terminate_backend(pid) from (${LOCKS}) as locks`);
  await until(async () => {
    const now = await queryValues(connection, LOCKS);
    return now.length === 1 && now[0] !== before[0];
  });
  await expect(startEmbedded({ dataDir, serving: true })).rejects.toThrow('Another Patient Access server');
  await stop();
  expect(postmasterOf(dataDir)).toBeUndefined();
});

test('a database that dies under its server is started again, at the same port', async () => {
  const dataDir = newDataFolder();
  const { connection, stop } = await startEmbedded({ dataDir, serving: true });
  await queryValues(connection, 'create table kept as select 42 as answer');
  process.kill(postmasterOf(dataDir) ?? 0, 'SIGKILL');
  await until(() => isResponding(connection).catch(() => false));
  expect(await queryValues(connection, 'select answer from kept')).toEqual([42]);
  await stop();
  expect(postmasterOf(dataDir)).toBeUndefined();
});

test('a server that cannot get its database back reports why', async () => {
  const dataDir = newDataFolder();
  let reason: unknown;
  const lost = (error: unknown): void => {
    reason = error;
  };
  const { stop } = await startEmbedded({ dataDir, serving: true, onLost: lost });
  breakCluster(dataDir);
  process.kill(postmasterOf(dataDir) ?? 0, 'SIGKILL');
  await until(() => reason !== undefined);
  expect(reason).toMatchObject({ name: 'OperatorFault', message: expect.stringContaining("can't be started") });
  await stop();
});
