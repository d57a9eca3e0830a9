import { expect, it } from 'vitest';
import { convertResource } from '../../../../src/fhir/dstu2/convert/convert-resource.ts';

/** Makes a CarePlan that contains many goals and refers to the first one. */
const carePlan = (count: number) => ({
  resourceType: 'CarePlan',
  id: 'many',
  status: 'active',
  intent: 'plan',
  subject: { reference: 'Patient/a' },
  contained: Array.from({ length: count }, (_one, at) => ({
    resourceType: 'Goal',
    id: `g${at}`,
    lifecycleStatus: 'active',
    description: { text: `goal ${at}` },
    subject: { reference: 'Patient/a' },
  })),
  goal: [{ reference: '#g0' }],
});

/** Returns the CPU time of a conversion. Unlike elapsed time, it doesn't depend on the load of the machine. */
function cost(count: number): number {
  const resource = carePlan(count);
  const before = process.threadCpuUsage();
  const made = convertResource(resource);
  const { user, system } = process.threadCpuUsage(before);
  expect(made).toMatchObject({ resource: { contained: { length: 1 } } });
  return user + system;
}

it('converting ten times as many contained resources takes about ten times as long', () => {
  cost(1000);
  const [few, many] = [cost(1000), cost(10_000)];
  expect(many / few).toBeLessThan(40);
});
