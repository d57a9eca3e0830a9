import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
    const rules = promtool('check', 'rules', 'alerts.yaml');
    expect(rules.status, rules.stdout + rules.stderr).toBe(0);
  },
);

it('each alert has a case in which it fires, one in which it doesn’t, and a section that says what to do', () => {
  const read = (file: string) => readFileSync(path.join(CHECKOUT, file), 'utf8');
  const alerts = [...read('deploy/monitoring/alerts.yaml').matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
  const cases = [...read('deploy/monitoring/alerts.test.yaml').matchAll(/alertname: (\w+),?\s+exp_alerts:( \[\])?/g)];
  const named = (isQuiet: boolean) =>
    new Set(cases.filter(([, , none]) => (none !== undefined) === isQuiet).map(([, name]) => name));
  const [firing, quiet, guide] = [named(false), named(true), read('docs/monitoring.md')];
  expect(alerts.length).toBeGreaterThan(20);
  for (const name of alerts)
    expect({
      name,
      fires: firing.has(name),
      isQuiet: quiet.has(name),
      guide: guide.includes(`\n### ${name}\n`),
    }).toEqual({
      ...{ name, fires: true, isQuiet: true, guide: true },
    });
});
