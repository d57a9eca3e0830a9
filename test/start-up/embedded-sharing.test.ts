import { describe, expect, test } from 'vitest';
import { startEmbedded } from '../../src/database/embedded/index.ts';
import { copyDataFolders } from '../support/database/data-folders.ts';
import { startEmbeddedProgram } from '../support/database/embedded-programs.ts';
import { postmasterOf } from '../support/database/folders.ts';
import { identities, usualIdentities } from '../support/database/identities.ts';
import { isResponding } from '../support/database/query.ts';

describe.each(usualIdentities())('$name', (identity) => {
  const newDataFolder = copyDataFolders(identity);

  test('a second server is rejected while the first runs', async () => {
    const dataDir = newDataFolder();
    const first = startEmbeddedProgram(dataDir, 'server', { identity });
    const { connection } = await first.waitForEvent('started');
    const { name, message } = await startEmbeddedProgram(dataDir, 'server', { identity }).waitForEvent('refused');
    expect(name).toBe('OperatorFault');
    expect(message).toContain(`Another Patient Access server already uses ${dataDir}`);
    expect(await isResponding(connection)).toBe(true);
    await first.stop();
    const third = startEmbeddedProgram(dataDir, 'server', { identity });
    expect(await third.waitForEvent('started')).toMatchObject({ adopted: false });
  });

  test('exactly one of five concurrent servers starts', async () => {
    const dataDir = newDataFolder();
    const servers = Array.from({ length: 5 }, () => startEmbeddedProgram(dataDir, 'server', { identity }));
    const outcomes = await Promise.all(
      servers.map((server) => Promise.any([server.waitForEvent('started'), server.waitForEvent('refused')])),
    );
    expect(outcomes.map(({ event }) => event).sort()).toEqual(['refused', 'refused', 'refused', 'refused', 'started']);
  });

  test('a command runs beside a server and leaves it running', async () => {
    const dataDir = newDataFolder();
    const server = startEmbeddedProgram(dataDir, 'server', { identity });
    const { connection } = await server.waitForEvent('started');
    const command = startEmbeddedProgram(dataDir, 'command', { identity });
    expect(await command.waitForEvent('started')).toMatchObject({ adopted: true, connection });
    await command.stop();
    expect(await isResponding(connection)).toBe(true);
    await server.stop();
    expect(postmasterOf(dataDir)).toBeUndefined();
  });

  test('a command without a server starts the database and stops it again', async () => {
    const dataDir = newDataFolder();
    const command = startEmbeddedProgram(dataDir, 'command', { identity });
    expect(await command.waitForEvent('started')).toMatchObject({ adopted: false });
    await command.stop();
    expect(postmasterOf(dataDir)).toBeUndefined();
  });

  test('a server that joined the database of a command keeps it', async () => {
    const dataDir = newDataFolder();
    const command = startEmbeddedProgram(dataDir, 'command', { identity });
    const { connection } = await command.waitForEvent('started');
    const server = startEmbeddedProgram(dataDir, 'server', { identity });
    expect(await server.waitForEvent('started')).toMatchObject({ adopted: true, connection });
    await command.stop();
    expect(await isResponding(connection)).toBe(true);
    await server.stop();
    expect(postmasterOf(dataDir)).toBeUndefined();
  });

  test('a command keeps the database when the server exits, and stops it as the last user', async () => {
    const dataDir = newDataFolder();
    const server = startEmbeddedProgram(dataDir, 'server', { identity });
    const { connection } = await server.waitForEvent('started');
    const command = startEmbeddedProgram(dataDir, 'command', { identity });
    await command.waitForEvent('started');
    await server.stop();
    expect(await isResponding(connection)).toBe(true);
    await command.stop();
    expect(postmasterOf(dataDir)).toBeUndefined();
  });
});

const [ourselves] = identities();
const newDataFolder = copyDataFolders(ourselves);

test('concurrent starts and exits never find the database stopped while they use it', async () => {
  const dataDir = newDataFolder();
  const visit = async (): Promise<void> => {
    for (let round = 0; round < 4; round++) {
      const embedded = await startEmbedded({ dataDir, serving: false });
      expect(await isResponding(embedded.connection)).toBe(true);
      await embedded.stop();
    }
  };
  await Promise.all([visit(), visit(), visit()]);
  expect(postmasterOf(dataDir)).toBeUndefined();
});

test('stopping twice has the effect of stopping once', async () => {
  const dataDir = newDataFolder();
  const embedded = await startEmbedded({ dataDir, serving: true });
  await Promise.all([embedded.stop(), embedded.stop()]);
  expect(postmasterOf(dataDir)).toBeUndefined();
});
