import { describe, expect, it } from 'vitest';
import { buildR4Guide, createR4Validator } from '../../src/validation/index.ts';

const PROFILE = 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520';

/**
 * Validates an Observation with one invariant on an element.
 * @returns the keys of the violated invariants
 */
function brokenBy(element: string, key: string, expression: string, observation: object): readonly string[] {
  const guide = buildR4Guide([
    {
      resourceType: 'StructureDefinition',
      url: PROFILE,
      type: 'Observation',
      kind: 'resource',
      snapshot: {
        element: [
          { id: 'Observation' },
          { id: `Observation.${element}`, constraint: [{ key, severity: 'error', human: key, expression }] },
        ],
      },
    } as { resourceType: string },
  ]);
  const resource = { resourceType: 'Observation', status: 'final', code: { text: 'a' }, ...observation };
  return createR4Validator([guide])
    .validate(resource, [PROFILE])
    .map((issue) => `${issue.path} ${issue.key}`);
}

describe('an invariant on a choice that tests its type', () => {
  it.each([
    ['vs-1', '($this as dateTime).toString().length() >= 8'],
    ['us-core-1', '$this is dateTime implies $this.toString().length() >= 10'],
    ['us-core-1', '$this is DateTime implies $this.toString().length() >= 10'],
  ])('%s needs at least the precision of a day: %s', (key, expression) => {
    const broken = (effective: object) => brokenBy('effective[x]', key, expression, effective);
    expect(broken({ effectiveDateTime: '2016' })).toEqual([`Observation.effective ${key}`]);
    expect(broken({ effectiveDateTime: '2016-02' })).toEqual([`Observation.effective ${key}`]);
    expect(broken({ effectiveDateTime: '2016-02-03' })).toEqual([]);
    expect(broken({ effectiveDateTime: '2016-02-03T10:00:00Z' })).toEqual([]);
    expect(broken({ effectivePeriod: { start: '2016' } })).toEqual([]);
    expect(broken({ effectiveInstant: '2016-02-03T10:00:00Z' })).toEqual([]);
  });

  it('us-core-3 requires UCUM units, in a comparison too', () => {
    const broken = (value: object) =>
      brokenBy(
        'value[x]',
        'us-core-3',
        "ofType(Quantity).system.empty() or ofType(Quantity).system = 'http://unitsofmeasure.org'",
        value,
      );
    const wrong = { value: 1, system: 'urn:x', code: 'kg' };
    expect(broken({ valueQuantity: wrong })).toEqual(['Observation.value us-core-3']);
    expect(broken({ valueQuantity: { ...wrong, comparator: '<' } })).toEqual(['Observation.value us-core-3']);
    expect(broken({ valueQuantity: { ...wrong, system: 'http://unitsofmeasure.org' } })).toEqual([]);
    expect(broken({ valueQuantity: { value: 1 } })).toEqual([]);
    expect(broken({ valueString: 'a' })).toEqual([]);
  });

  it('applies to an element in a nested part', () => {
    const expression = 'ofType(Quantity).value < 5';
    const broken = (value: number) =>
      brokenBy('component.value[x]', 'own-1', expression, {
        component: [{ code: { text: 'a' }, valueQuantity: { value } }],
      });
    expect(broken(7)).toEqual(['Observation.component[0].value own-1']);
    expect(broken(3)).toEqual([]);
  });
});

describe('an invariant with FHIRPath types', () => {
  const whether = (answer: object) =>
    createR4Validator()
      .validate({
        resourceType: 'Questionnaire',
        status: 'draft',
        item: [{ linkId: 'a', type: 'boolean', enableWhen: [{ question: 'b', operator: 'exists', ...answer }] }],
      })
      .map(({ key }) => key);

  it('que-7 holds for a FHIR boolean, and for nothing else', () => {
    expect(whether({ answerBoolean: true })).toEqual([]);
    expect(whether({ answerString: 'a' })).toEqual(['que-7']);
  });
});
