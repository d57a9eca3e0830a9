import { writeFileSync } from 'node:fs';

/** Writes the results of a vitest run to the file named by TEST_REPORT, for `test-report.mjs`. */
export default class TestReporter {
  onTestRunEnd(modules) {
    const report = process.env['TEST_REPORT'];
    if (report !== undefined) writeFileSync(report, JSON.stringify(modules.map(fileResult)));
  }
}

function fileResult(module) {
  return {
    file: module.relativeModuleId,
    project: module.project.name,
    // The state of a file whose process died is still "pending".
    failed: !['passed', 'skipped'].includes(module.state()),
    cpuSeconds: module.meta().cpuSeconds ?? 0,
    tests: [...module.children.allTests()].map((test) => ({
      name: test.fullName,
      state: test.result().state,
      retried: (test.diagnostic()?.retryCount ?? 0) > 0,
    })),
  };
}
