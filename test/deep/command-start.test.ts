import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../scripts/patient-access', import.meta.url));

it('a command starts within half a second of processor time, once its code is compiled', {
  timeout: 60_000,
}, async () => {
  const help = `'${PROGRAM}' --help > /dev/null 2>&1`;
  const { stdout } = await promisify(execFile)('sh', ['-c', `${help}; (${help}; times)`]);
  expect(processorSeconds(stdout)).toBeLessThanOrEqual(0.5);
});

/**
 * Reads CPU seconds from the POSIX command `times`: its second line has the user and system time of the processes that
 * the shell ran.
 */
function processorSeconds(times: string): number {
  const seconds = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return seconds.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
}
