// Runs all checks in parallel: types, style, module order, unused code, secrets, and the licenses of dependencies. Each
// prints its output when it ends.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const CHECKS = ['types', 'types:web', 'lint', 'modules', 'unused', 'secrets', 'dependencies'];
const checkout = path.join(import.meta.dirname, '..');

/**
 * Runs the checks as defined in package.json.
 * @param priority operating system priority of the processes
 */
export async function runChecks(priority = os.constants.priority.PRIORITY_NORMAL) {
  const { scripts } = JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8'));
  const passed = await Promise.all(CHECKS.map((name) => check(name, scripts[name], priority)));
  return { passed: passed.filter(Boolean).length, failed: passed.filter((one) => !one).length };
}

function check(name, command, priority) {
  const begun = Date.now();
  const env = {
    ...process.env,
    PATH: `${path.join(checkout, 'node_modules/.bin')}${path.delimiter}${process.env.PATH}`,
  };
  const child = spawn(command, { cwd: checkout, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.pid !== undefined) os.setPriority(child.pid, priority);
  let output = '';
  const add = (text) => {
    output += text;
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  return new Promise((resolve) => {
    child.once('close', (status) => {
      const verdict = status === 0 ? 'passed' : 'FAILED';
      const seconds = ((Date.now() - begun) / 1000).toFixed(1);
      process.stdout.write(`${status === 0 ? '' : output}--- ${name}: ${verdict} (${seconds} s)\n`);
      resolve(status === 0);
    });
  });
}

if (import.meta.main) {
  const { failed } = await runChecks();
  process.exitCode = failed === 0 ? 0 : 1;
}
