import { describe, expect, test } from 'vitest';
import { startEmbedded } from '../../src/database/embedded/index.ts';
import { answers } from '../support/answers.ts';
import { dataFolders } from '../support/data-folders.ts';
import { runEmbedded } from '../support/embedded-programs.ts';
import { postmasterOf } from '../support/folders.ts';
import { identities, usualIdentities } from '../support/identities.ts';

describe.each(usualIdentities())('$name', (identity) => {
  const newDataFolder = dataFolders(identity);

  test('a second server is rejected while the first runs', async () => {
    const dataDir = newDataFolder();
    const first = runEmbedded(dataDir, 'server', { identity });
    const { connection } = await first.event('started');
    const { name, message } = await runEmbedded(dataDir, 'server', { identity }).event('refused');
    expect(name).toBe('OperatorFault');
    expect(message).toContain(`Another Patient Access server already uses ${dataDir}`);
    expect(await answers(connection)).toBe(true);
    await first.stop();
    const third = runEmbedded(dataDir, 'server', { identity });
    expect(await third.event('started')).toMatchObject({ adopted: false });
  });

  test('exactly one of five concurrent servers starts', async () => {
    const dataDir = newDataFolder();
    const servers = Array.from({ length: 5 }, () => runEmbedded(dataDir, 'server', { identity }));
    const outcomes = await Promise.all(
      servers.map((server) => Promise.any([server.event('started'), server.event('refused')])),
    );
    expect(outcomes.map(({ event }) => event).sort()).toEqual(['refused', 'refused', 'refused', 'refused', 'started']);
  });

  test('a command runs beside a server and leaves it running', async () => {
    const dataDir = newDataFolder();
    const server = runEmbedded(dataDir, 'server', { identity });
    const { connection } = await server.event('started');
    const command = runEmbedded(dataDir, 'command', { identity });
    expect(await command.event('started')).toMatchObject({ adopted: true, connection });
    await command.stop();
    expect(await answers(connection)).toBe(true);
    await server.stop();
    expect(postmasterOf(dataDir)).toBeUndefined();
  });

  test('a command without a server starts the database and stops it again', async () => {
    const dataDir = newDataFolder();
    const command = runEmbedded(dataDir, 'command', { identity });
    expect(await command.event('started')).toMatchObject({ adopted: false });
    await command.stop();
    expect(postmasterOf(dataDir)).toBeUndefined();
  });

  test('a server that joined the database of a command keeps it', async () => {
    const dataDir = newDataFolder();
    const command = runEmbedded(dataDir, 'command', { identity });
    const { connection } = await command.event('started');
    const server = runEmbedded(dataDir, 'server', { identity });
    expect(await server.event('started')).toMatchObject({ adopted: true, connection });
    await command.stop();
    expect(await answers(connection)).toBe(true);
    await server.stop();
    expect(postmasterOf(dataDir)).toBeUndefined();
  });

  test('a command keeps the database when the server exits, and stops it as the last user', async () => {
    const dataDir = newDataFolder();
    const server = runEmbedded(dataDir, 'server', { identity });
    const { connection } = await server.event('started');
    const command = runEmbedded(dataDir, 'command', { identity });
    await command.event('started');
    await server.stop();
    expect(await answers(connection)).toBe(true);
    await command.stop();
    expect(postmasterOf(dataDir)).toBeUndefined();
  });
});

const [ourselves] = identities();
const newDataFolder = dataFolders(ourselves);

test('concurrent starts and exits never find the database stopped while they use it', async () => {
  const dataDir = newDataFolder();
  const visit = async (): Promise<void> => {
    for (let round = 0; round < 4; round++) {
      const embedded = await startEmbedded({ dataDir, serving: false });
      expect(await answers(embedded.connection)).toBe(true);
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
