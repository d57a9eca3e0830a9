// All checks, then all tests, and one line at the end that counts both. Further arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CHECKS = ['types', 'lint', 'rooms', 'unused'];

const args = process.argv.slice(2);
const deep = args.includes('--deep');
const count = { passed: 0, failed: 0 };

process.chdir(path.join(import.meta.dirname, '..'));
for (const name of CHECKS) check(name);
test(args.filter((arg) => arg !== '--deep'));
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed === 0 ? 0 : 1;

function check(name) {
  console.log(`\n--- ${name}`);
  const passed = run('npm', ['run', '--silent', name]) === 0;
  count[passed ? 'passed' : 'failed'] += 1;
  console.log(`--- ${name}: ${passed ? 'passed' : 'FAILED'}`);
}

function test(options) {
  console.log(`\n--- tests${deep ? ', deep ones included' : ''}`);
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-report-'));
  const report = path.join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const status = run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...options]);
  const { passed, failed } = countTests(report);
  rmSync(folder, { recursive: true, force: true });
  count.passed += passed;
  // vitest also fails for what is not a test, such as an error that nobody caught
  count.failed += failed === 0 && status !== 0 ? 1 : failed;
}

function countTests(report) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const broken = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    return { passed: numPassedTests, failed: numFailedTests + broken.length };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function run(program, options) {
  const env = deep ? { ...process.env, DEEP: '1' } : process.env;
  return spawnSync(program, options, { stdio: 'inherit', env }).status ?? 1;
}
