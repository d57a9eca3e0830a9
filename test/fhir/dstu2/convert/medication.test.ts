import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { convert, hidingRule, type Node } from '../fixtures/convert.ts';

const medication = (more: object): Resource => ({
  resourceType: 'Medication',
  id: 'm',
  code: { text: 'kit' },
  ...more,
});
const substance = (id: string, more: object = {}) => ({
  resourceType: 'Substance',
  id,
  code: { text: `salt ${id}` },
  ...more,
});
/** Returns the ingredients and the contained resources of a converted Medication. */
function made(ingredient: readonly object[], contained: readonly object[] = []) {
  const whole = convert(medication({ ingredient, contained }));
  const { ingredient: parts } = (whole['product'] ?? {}) as { ingredient?: readonly Node[] };
  return { items: parts?.map(({ item }) => item), contained: whole['contained'] };
}

describe('Medication as DSTU2 Medication', () => {
  it('has its form and batch in its product', () => {
    const product = { form: { text: 'tablet' }, batch: { lotNumber: '1', expirationDate: '2027-01-01' } };
    expect(convert(medication(product))).toEqual({
      resourceType: 'Medication',
      id: 'm',
      code: { text: 'kit' },
      product: { form: { text: 'tablet' }, batch: [{ lotNumber: '1', expirationDate: '2027-01-01' }] },
    });
    expect(convert(medication({ batch: {} }))).not.toHaveProperty('product');
  });

  it('refers to its ingredients: a coded one becomes a contained Substance', () => {
    expect(
      made(
        [
          { itemCodeableConcept: { text: 'salt' } },
          { itemCodeableConcept: { text: 'water' } },
          { itemReference: { reference: 'Medication/x', display: 'other' } },
          { itemReference: { reference: '#s', display: 'inside' } },
          { itemReference: { reference: '#ingredient-1' } },
          { itemReference: { reference: '#s' } },
        ],
        [substance('s'), substance('ingredient-1')],
      ),
    ).toEqual({
      items: [
        { reference: '#ingredient-1x' },
        { reference: '#ingredient-2' },
        { reference: 'Medication/x', display: 'other' },
        { reference: '#s', display: 'inside' },
        { reference: '#ingredient-1' },
        { reference: '#s' },
      ],
      contained: [
        { resourceType: 'Substance', id: 'ingredient-1x', code: { text: 'salt' } },
        { resourceType: 'Substance', id: 'ingredient-2', code: { text: 'water' } },
        { resourceType: 'Substance', id: 's', code: { text: 'salt s' } },
        { resourceType: 'Substance', id: 'ingredient-1', code: { text: 'salt ingredient-1' } },
      ],
    });
  });

  it('omits an ingredient that is empty or in error', () => {
    const wrong = substance('s', { status: 'entered-in-error' });
    const changed = substance('c', { modifierExtension: [{ url: 'https://example.org' }] });
    expect(
      made(
        [
          { isActive: true },
          { itemCodeableConcept: {} },
          { itemReference: { reference: '#gone' } },
          { itemReference: { reference: '#s', display: 'in words' } },
          { itemReference: { reference: '#c' } },
          { itemReference: { reference: '#p' } },
        ],
        [wrong, changed, { resourceType: 'Patient', id: 'p', code: { text: 'x' } }],
      ),
    ).toEqual({ items: [{ display: 'in words' }], contained: undefined });
  });

  it.each([
    ['entered-in-error', 'entered-in-error'],
    ['new-code', 'status-not-understood'],
    ['active', undefined],
    ['inactive', undefined],
    [undefined, undefined],
  ])('with the status %s is hidden by: %s', (status, rule) => {
    expect(hidingRule(medication({ status }))).toBe(rule);
  });

  it('declares the Argonaut profile if it has a code', () => {
    const meta = { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-medication'] };
    expect(convert(medication({ meta }))['meta']).toEqual({
      profile: ['http://fhir.org/guides/argonaut/StructureDefinition/argo-medication'],
    });
    expect(convert(medication({ meta, code: undefined }))).not.toHaveProperty('meta');
  });
});
