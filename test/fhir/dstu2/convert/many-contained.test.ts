import { expect, it } from 'vitest';
import { convertResource } from '../../../../src/fhir/dstu2/convert/convert-resource.ts';

/**
 * Converts a CarePlan that contains many goals and refers to the first one.
 * @returns how often the conversion reads an id of a goal
 */
function countReads(goals: number): number {
  let reads = 0;
  const contained = Array.from({ length: goals }, (_one, at) => ({
    resourceType: 'Goal',
    get id() {
      reads += 1;
      return `g${at}`;
    },
    lifecycleStatus: 'active',
    description: { text: `goal ${at}` },
    subject: { reference: 'Patient/a' },
  }));
  const made = convertResource({
    resourceType: 'CarePlan',
    id: 'many',
    status: 'active',
    intent: 'plan',
    subject: { reference: 'Patient/a' },
    contained,
    goal: [{ reference: '#g0' }],
  });
  expect(made).toMatchObject({ resource: { contained: { length: 1 } } });
  return reads;
}

it('converting ten times as many contained resources reads ten times as many ids', () => {
  const few = countReads(100);
  expect(few).toBeGreaterThanOrEqual(100);
  expect(countReads(1000)).toBeLessThanOrEqual(10 * few);
});
