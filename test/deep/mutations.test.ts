import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Checkout, copyCheckout, type TestRun } from './mutations/checkout.ts';
import { mutated } from './mutations/mutation.ts';
import { MUTATIONS } from './mutations/mutations.ts';

/** Number of mutants that are tested concurrently, each in its own copy of the checkout. */
const AT_ONCE = 2;
const MINUTES = 60_000;

const mutations = Object.entries(MUTATIONS).flatMap(([area, own]) => own.map((one) => ({ ...one, area })));

const checkouts: Checkout[] = [];
/** Results of the same tests without a mutation. */
let unmutated: TestRun;
beforeAll(async () => {
  for (let count = 0; count < AT_ONCE; count += 1) checkouts.push(await copyCheckout());
  const files = [...new Set(mutations.map(({ caughtBy }) => caughtBy))];
  const tests = mutations.map((one) => one.tests);
  unmutated = await inCheckout((checkout) => checkout.run({ files, tests, workers: AT_ONCE }));
}, 30 * MINUTES);
afterAll(() => Promise.all(checkouts.map((checkout) => checkout.remove())));

const queue: ((checkout: Checkout) => void)[] = [];
async function inCheckout<Result>(work: (checkout: Checkout) => Promise<Result>): Promise<Result> {
  const checkout = checkouts.pop() ?? (await new Promise<Checkout>((resolve) => void queue.push(resolve)));
  try {
    return await work(checkout);
  } finally {
    const next = queue.shift();
    if (next === undefined) checkouts.push(checkout);
    else next(checkout);
  }
}

describe('the tests catch a mutation', () => {
  it('and pass without one', () => {
    expect(unmutated.failed).toEqual([]);
    expect(unmutated.broken).toEqual([]);
  });

  it.concurrent.each(mutations)('in $area: $name', { timeout: 30 * MINUTES }, async (mutation) => {
    const { file, caughtBy, tests } = mutation;
    const run = await inCheckout((checkout) =>
      checkout.withFile(
        file,
        (source) => mutated(source, mutation),
        () => checkout.run({ files: [caughtBy], tests: [tests] }),
      ),
    );
    expect(run.broken, 'the mutant starts').toEqual([]);
    const noticed = run.failed.filter(
      ({ name, messages }) => unmutated.passed.includes(name) && messages.some(isAssertion),
    );
    expect(noticed, 'tests that notice it').not.toEqual([]);
  });
});

/** fast-check reports a failed assertion of a property with its own error. */
const isAssertion = (message: string): boolean => /^(?:AssertionError|Error: Property failed)/.test(message);
