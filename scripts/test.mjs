// All checks, then all tests, and one line at the end that counts both. Further arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CHECKS = ['types', 'lint', 'rooms', 'unused'];
/** More files than that have a fault in common. */
const MOST_AGAIN = 12;

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
  const first = vitest(options);
  const again = first.failedFiles;
  const second = mayRunAgain(again) ? runAgain(again) : undefined;
  count.passed += second === undefined ? first.passed : first.passed - first.passedInFailedFiles + second.passed;
  count.failed += second === undefined ? first.failed : second.failed;
}

/** In CI a file with a failure is run once more by itself: a machine that was late is told from a fault. */
function mayRunAgain(files) {
  return process.env['CI'] !== undefined && files.length > 0 && files.length <= MOST_AGAIN;
}

function runAgain(files) {
  console.log(`\n--- run once more: ${files.join(' ')}`);
  const result = vitest(['--maxWorkers=1', ...files]);
  const mended = files.filter((file) => !result.failedFiles.includes(file));
  console.log(`--- passed only the second time: ${mended.join(' ') || 'none'}`);
  return result;
}

/** What one run of vitest gave; files are named from here. */
function vitest(options) {
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-report-'));
  const report = path.join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const status = run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...options]);
  const result = countTests(report);
  rmSync(folder, { recursive: true, force: true });
  // vitest also fails for what is not a test, such as an error that nobody caught: no file run again would mend that
  return result.failed === 0 && status !== 0 ? { ...result, failed: 1, failedFiles: [] } : result;
}

function countTests(report) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const failing = testResults.filter(({ status }) => status === 'failed');
    const broken = failing.filter(({ assertionResults }) =>
      assertionResults.every(({ status }) => status !== 'failed'),
    );
    return {
      passed: numPassedTests,
      failed: numFailedTests + broken.length,
      failedFiles: failing.map(({ name }) => path.relative('.', name)),
      passedInFailedFiles: failing
        .flatMap(({ assertionResults }) => assertionResults)
        .filter(({ status }) => status === 'passed').length,
    };
  } catch {
    return { passed: 0, failed: 1, failedFiles: [], passedInFailedFiles: 0 };
  }
}

function run(program, options) {
  const env = deep ? { ...process.env, DEEP: '1' } : process.env;
  return spawnSync(program, options, { stdio: 'inherit', env }).status ?? 1;
}
