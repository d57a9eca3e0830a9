import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../support/checkout.ts';

const FOLDER = path.join(CHECKOUT, 'deploy/monitoring');
const promtool = (...words: readonly string[]) => spawnSync('promtool', words, { cwd: FOLDER, encoding: 'utf8' });
const isMissing = promtool('--version').error !== undefined;

it.skipIf(isMissing)(
  `alerts fire when they should, and not for a healthy server${isMissing ? ' (skipped: promtool isn’t installed)' : ''}`,
  () => {
    const { status, stdout, stderr } = promtool('test', 'rules', 'alerts.test.yaml');
    expect(stdout + stderr).toContain('SUCCESS');
    expect(status, stdout + stderr).toBe(0);
  },
);

it.skipIf(isMissing)(
  `Prometheus accepts its example configuration and the rules${isMissing ? ' (skipped: promtool isn’t installed)' : ''}`,
  () => {
    const { status, stdout, stderr } = promtool('check', 'config', 'prometheus.yaml');
    expect(status, stdout + stderr).toBe(0);
  },
);
