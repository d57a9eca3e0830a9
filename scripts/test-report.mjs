// Applies the rules for test runs to the results that test-reporter.mjs writes.

/** Largest share of the total CPU time that one file may take. */
const LARGEST_SHARE = 0.04;
/** CPU seconds that a file may always take, whatever its share. */
const ALWAYS_ALLOWED = 1;
const SLOWEST = 10;
/** The project of vitest.config.ts that contains nearly all files. */
const MAIN_PROJECT = 'embedded';

/**
 * Counts the tests of a run, and reports slow files and flaky tests as lines. A test that passes only the second time
 * counts as failed.
 * @param files results of the run, one for each file
 * @param rerun results of the failed files, which ran a second time
 * @param whole whether it was the whole suite; in a partial run every file has a large share
 */
export function judge(files, { rerun = [], whole = false } = {}) {
  const tests = files.flatMap((file) => file.tests);
  const passed = tests.filter((test) => test.state === 'passed' && !test.retried).length;
  const failed = tests.filter((test) => test.state === 'failed' || test.retried).length;
  const slow = whole ? tooSlow(files) : [];
  const flaky = passedAgain(files, rerun);
  return {
    passed,
    failed: failed + files.filter(failedWithoutTest).length + slow.length,
    lines: [...slowest(files), ...slow, ...[...flaky, ...passedByRetry(files)].map(formatFlaky)],
  };
}

export const failedFiles = (files) => [...new Set(files.filter(({ failed }) => failed).map(({ file }) => file))];

/** A file can fail without a failed test: in an import, in a hook, or because its process died. */
const failedWithoutTest = ({ failed, tests }) => failed && tests.every(({ state }) => state !== 'failed');

/** Tests and files that failed first and passed in the second run. */
function passedAgain(files, rerun) {
  const passed = new Set(rerun.flatMap(passedNames));
  return files.flatMap(failedNames).filter((name) => passed.has(name));
}

/** Tests that passed only by a retry of vitest. They count as failed, so that no failure is hidden. */
function passedByRetry(files) {
  return files.flatMap((file) =>
    file.tests.filter(({ retried, state }) => retried && state === 'passed').map((test) => testName(file, test)),
  );
}

const formatFlaky = (name) => `FLAKY: passed only on the second run: ${name}`;

function failedNames(file) {
  if (failedWithoutTest(file)) return [testName(file)];
  return file.tests.filter(({ state }) => state === 'failed').map((test) => testName(file, test));
}

function passedNames(file) {
  const tests = file.tests.filter(({ state }) => state === 'passed').map((test) => testName(file, test));
  return file.failed ? tests : [testName(file), ...tests];
}

/** Names the project only if it isn't the main one. */
function testName({ project, file }, test) {
  return [MAIN_PROJECT === project ? '' : project, file, test?.name].filter(Boolean).join(' > ');
}

function tooSlow(files) {
  const limit = Math.max(ALWAYS_ALLOWED, LARGEST_SHARE * total(files));
  return files
    .filter(({ cpuSeconds }) => cpuSeconds > limit)
    .map((file) => {
      const share = `${(LARGEST_SHARE * 100).toFixed(0)} % of all files`;
      return `TOO SLOW: ${testName(file)} took ${file.cpuSeconds.toFixed(1)} s of CPU, more than ${share} (${limit.toFixed(1)} s)`;
    });
}

function slowest(files) {
  const all = total(files);
  const heaviest = files.toSorted((one, other) => other.cpuSeconds - one.cpuSeconds).slice(0, SLOWEST);
  return [
    `${all.toFixed(0)} s of CPU in ${files.length} files. The slowest:`,
    ...heaviest.map((file) => `${file.cpuSeconds.toFixed(1).padStart(7)} s  ${testName(file)}`),
  ];
}

const total = (files) => files.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
