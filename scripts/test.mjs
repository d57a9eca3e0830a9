// Runs all checks and all tests, and prints one line at the end that counts both. Further arguments go to vitest.
// --deep adds the long tests. --changed[=COMMIT] runs only the tests affected by the differences from HEAD or that
// commit.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { changedTests } from './changed-tests.mjs';
import { runChecks } from './check.mjs';
import { failedFiles, judge } from './test-report.mjs';

/** Maximum number of failed files to run again. If more fail, they have a common cause. */
const MOST_AGAIN = 12;
/** Priority of the checks. They use the CPU time that tests leave while waiting for the database or a timer. */
const BESIDE_TESTS = os.constants.priority.PRIORITY_BELOW_NORMAL;

// Ctrl-C reaches the whole process group. Vitest then stops its servers, and this process waits for it.
process.on('SIGINT', () => {});
process.chdir(path.join(import.meta.dirname, '..'));
const args = process.argv.slice(2);
const deep = args.includes('--deep');
const changed = args.find((arg) => /^--changed(=|$)/.test(arg));
const options = args.filter((arg) => arg !== '--deep' && arg !== changed);

const [checks, tests] = await Promise.all([
  runChecks(BESIDE_TESTS),
  changed === undefined ? test(options) : testChanged(),
]);
for (const line of tests.lines) console.log(line);
const failed = checks.failed + tests.failed;
console.log(`${checks.passed + tests.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function testChanged() {
  const commit = changed.split('=')[1] ?? 'HEAD';
  const files = changedTests(commit);
  console.log(`Test files for the changes since ${commit}: ${files.length}`);
  return files.length === 0 ? judge([]) : test([...options, ...files]);
}

async function test(options) {
  const { files, otherError } = await vitest(options);
  const failedFileNames = failedFiles(files);
  const rerun = shouldRunAgain(failedFileNames) ? (await runAgain(failedFileNames)).files : [];
  const { passed, failed, lines } = judge(files, { rerun, whole: !deep && options.every(keepsSuiteWhole) });
  // An uncaught error fails vitest without a failed file.
  return { passed, failed: failed + (otherError && failedFileNames.length === 0 && failed === 0 ? 1 : 0), lines };
}

/** Whether an option leaves the whole suite selected. Other options may select a part of it. */
function keepsSuiteWhole(option) {
  return /^--(maxWorkers|sequence)\b/.test(option);
}

/** Failed files run again only in CI, to distinguish flaky tests from broken ones. */
function shouldRunAgain(files) {
  return process.env['CI'] !== undefined && files.length > 0 && files.length <= MOST_AGAIN;
}

function runAgain(files) {
  console.log(`\n--- running failed files again, to tell flaky tests from broken ones: ${files.join(' ')}`);
  return vitest(['--maxWorkers=1', ...files]);
}

/** Results by file, and whether vitest failed for another reason, such as an uncaught error. */
async function vitest(options) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'patient-access-report-'));
  const report = path.join(folder, 'report.json');
  const env = { ...process.env, ...(deep && { DEEP: '1' }), TEST_REPORT: report };
  const reporters = ['--reporter=default', '--reporter=./scripts/test-reporter.mjs'];
  const nodeArgs = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...options];
  const child = spawn(process.execPath, nodeArgs, { stdio: 'inherit', env });
  const status = await new Promise((resolve) => child.once('close', resolve));
  try {
    return { files: JSON.parse(readFileSync(report, 'utf8')), otherError: status !== 0 };
  } catch {
    return { files: [], otherError: true };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
