import { expect, it, vi } from 'vitest';
import { until } from '../support/runs/until.ts';
import { makeInstallation } from '../support/servers/installation.ts';
import { bundledServer } from '../support/servers/processes.ts';

vi.setConfig({ testTimeout: 400_000 });

/** Seconds, more than the whole test takes. */
const DRAIN_SECONDS = 600;

it('a worker that is stuck is replaced, and a server that gives up doesn’t drain', async () => {
  const settings = { SANDBOX: 'off', WORKERS: '2', LOG_FORMAT: 'json', DRAIN_SECONDS: String(DRAIN_SECONDS) };
  const installation = await makeInstallation(settings, bundledServer());
  try {
    const server = await installation.startServer();
    const whenPrinted = (text: string, times = 1) => until(() => server.printed().split(text).length > times);
    const pidOf = (worker: number): number =>
      Number([...server.printed().matchAll(RegExp(`Worker ${worker} .*\\(process (\\d+)\\)`, 'g'))].at(-1)?.[1]);
    await whenPrinted('Worker 2 is listening');

    const stuck = pidOf(2);
    process.kill(stuck, 'SIGSTOP');
    await whenPrinted('Worker 2 doesn’t respond and is killed');
    await whenPrinted('Worker 2 is listening', 2);
    expect(() => process.kill(stuck, 0)).toThrow('ESRCH');
    expect(pidOf(2)).not.toBe(stuck);
    // The new worker and the other one answer.
    for (let i = 0; i < 4; i += 1) expect((await fetch(`${server.origin}/livez`)).status).toBe(200);

    const begun = performance.now();
    for (let kills = 2; !server.printed().includes('The server stops'); kills += 1) {
      process.kill(pidOf(2), 'SIGKILL');
      await whenPrinted('Worker 2 ended', kills);
    }
    expect((await server.ended).code).toBe(1);
    expect((performance.now() - begun) / 1000).toBeLessThan(DRAIN_SECONDS);
  } finally {
    await installation.remove();
  }
});
