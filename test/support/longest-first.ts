import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that took more than 20 s in a whole run, the longest first. A short file at the end keeps all cores busy. */
const LONG_FILES = [
  'test/deep/leak-hunt.test.ts',
  'test/deep/granular-searches.test.ts',
  'test/deep/hostile-requests.test.ts',
  'test/deep/refresh-chains.test.ts',
  'test/deep/hostile-searches.test.ts',
  'test/deep/embedded-kill.test.ts',
  'test/deep/mutations.test.ts',
  'test/deep/plans.test.ts',
  'test/start-up/first-start.test.ts',
  'test/portal/wizard-browser.test.ts',
  'test/portal/explorer-browser.test.ts',
  'test/portal/sign-up-browser.test.ts',
  'test/portal/every-page-browser.test.ts',
  'test/portal/journeys-browser.test.ts',
  'test/portal/review-browser.test.ts',
  'test/people/passkeys-browser.test.ts',
  'test/portal/activity-browser.test.ts',
  'test/browser/demo.test.ts',
  'test/enrollment/browser.test.ts',
  'test/portal/explorer-own-app-browser.test.ts',
  'test/account/browser.test.ts',
  'test/portal/apps-browser.test.ts',
  'test/desk/patients/browser.test.ts',
  'test/portal/apps-language-browser.test.ts',
  'test/desk/journeys.test.ts',
];

/** Vitest also starts long files first, but knows their durations only from an earlier run in the same checkout. */
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
