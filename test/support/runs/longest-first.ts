import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that took more than 20 seconds in a run of the whole suite, the longest first. They start first, so that all
 * cores are busy until the end.
 */
const LONG_FILES = [
  'test/deep/data-leaks.test.ts',
  'test/deep/granular-searches.test.ts',
  'test/deep/hostile-requests.test.ts',
  'test/deep/refresh-chains.test.ts',
  'test/deep/hostile-searches.test.ts',
  'test/deep/embedded-kill.test.ts',
  'test/deep/mutations.test.ts',
  'test/deep/query-plans.test.ts',
  'test/deep/audit-archive.test.ts',
  'test/start-up/first-start.test.ts',
  'test/developer-api/apps/wizard-browser.test.ts',
  'test/developer-api/explorer/explorer-browser.test.ts',
  'test/sign-up/sign-up-browser.test.ts',
  'test/portal-pages/every-page-browser.test.ts',
  'test/portal-pages/journeys-browser.test.ts',
  'test/admin-api/review/review-browser.test.ts',
  'test/identity/passkeys-browser.test.ts',
  'test/developer-api/activity/log-browser.test.ts',
  'test/sandbox/demo-browser.test.ts',
  'test/sandbox/staff-app-browser.test.ts',
  'test/enrollment/pages-browser.test.ts',
  'test/developer-api/explorer/own-app-browser.test.ts',
  'test/patient-portal/pages-browser.test.ts',
  'test/developer-api/apps/apps-browser.test.ts',
  'test/practice-portal/patients/pages-browser.test.ts',
  'test/developer-api/apps/spanish-browser.test.ts',
  'test/practice-portal/journeys-browser.test.ts',
];

/**
 * Orders the files of a run. Vitest starts long files first too, but it knows their durations only from an earlier run
 * in the same checkout.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const found = LONG_FILES.findIndex((file) => moduleId.endsWith(`/${file}`));
  return found === -1 ? LONG_FILES.length : found;
}
