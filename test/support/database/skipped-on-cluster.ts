/** Tests that can't run on the cluster of TEST_CITUS_URL. */
export interface SkippedTests {
  readonly file: string;
  /** Names of tests or of their `describe`, or parts of them. Without it, the whole file is skipped. */
  readonly tests?: readonly string[];
  readonly reason: string;
}

const TRIGGERS = 'Citus supports no triggers of earlier releases, so none of them may run beside this one';

export const SKIPPED_ON_CLUSTER: readonly SkippedTests[] = [
  { file: 'test/cli/citus.test.ts', tests: ['without a cluster'], reason: 'it is about a database without Citus' },
  { file: 'test/cli/load-killed.test.ts', reason: 'it kills the embedded database' },
  { file: 'test/fhir/store/read-replica.test.ts', reason: 'a standby of a cluster isn’t supported yet' },
  {
    file: 'test/database/distributed-tables.test.ts',
    tests: ['the triggers of distributed tables are those'],
    reason: TRIGGERS,
  },
  {
    file: 'test/intake/feed/concurrent-bundles.test.ts',
    tests: ['the claims of new ids'],
    reason: 'on a cluster, the id registry has all ids instead of claims',
  },
  {
    file: 'test/fhir/store/upgrade.test.ts',
    tests: [
      'are out of date as soon as a process of the previous release writes to them',
      'the triggers are for the releases before 5',
    ],
    reason: TRIGGERS,
  },
  {
    file: 'test/fhir/store/earlier-conversions.test.ts',
    tests: ['a record shows what they write', 'what a resource had of further types', 'a resource that they delete'],
    reason: TRIGGERS,
  },
];
