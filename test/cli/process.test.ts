import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/database/folders.ts';
import { until } from '../support/runs/until.ts';
import { COMMAND_NAMES, sameInProcess } from '../support/servers/each-command.ts';
import { startCommand } from '../support/servers/processes.ts';

// The tests in test/deep run all commands.
describe('every fifteenth command as a process', () => sameInProcess(COMMAND_NAMES.filter((_, at) => at % 15 === 0)));

describe('the command line as a process', () => {
  it('ends quietly when the reader of its output exits', async () => {
    const { child, ended } = startCommand(['apps', 'add', '--help']);
    child.stdout?.destroy();
    expect(await ended).toEqual({ code: 0, out: '', err: '' });
  });

  it('ends on a signal, unless it serves', async () => {
    const file = path.join(temporaryFolder(), 'patients.ndjson');
    const { child } = startCommand(['sandbox', 'generate', '--patients', '1000000', '--out', file]);
    const exit = once(child, 'exit');
    await until(() => existsSync(file));
    child.kill('SIGINT');
    expect(await exit).toEqual([null, 'SIGINT']);
  });
});
