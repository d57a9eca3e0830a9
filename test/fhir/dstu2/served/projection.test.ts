import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dstu2, dstu2Projection, dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { typeVariants as formsIn } from '../../../../src/fhir/model/type-variants.ts';
import { convert, type Node, visibleVariants } from '../fixtures/convert.ts';
import { FULL } from '../fixtures/full-resources.ts';

/** All types except PractitionerRole, which DSTU2 has as a part of Practitioner. */
const types = Object.keys(FULL).filter((type) => type !== 'PractitionerRole');

describe('the projection to DSTU2', () => {
  it('is the one that its version names, for its types', () => {
    expect(dstu2.projection).toBe(dstu2Projection.name);
    const main = dstu2.types.filter(({ projection }) => projection === undefined);
    expect(dstu2Projection.types.toSorted()).toEqual(main.map(({ stored }) => stored).toSorted());
  });

  it('has one more for each further variant, with its own name', () => {
    const served = dstu2.types
      .flatMap(formsIn)
      .flatMap(({ projection, stored }) => (projection ? [[projection, stored]] : []));
    const made = dstu2Projections.slice(1).map(({ name, types: [stored] }) => [name, stored]);
    expect(made).toEqual(served);
    expect(new Set(dstu2Projections.map(({ name }) => name)).size).toBe(dstu2Projections.length);
    expect(new Set(dstu2Projections.map(({ converterVersion }) => converterVersion)).size).toBe(1);
  });

  it('has nothing for other types', () => {
    for (const resourceType of ['Coverage', 'MedicationOrder', 'constructor', '']) {
      expect(dstu2Projection.project({ resourceType })).toBeUndefined();
    }
  });

  it('names a resource with its DSTU2 type', () => {
    const names = types.map((type) => convert(FULL[type]?.[0] as Resource)['resourceType']);
    const other = new Map(types.map((type, at) => [type, names[at]]).filter(([type, name]) => type !== name) as []);
    expect(Object.fromEntries(other)).toEqual({
      CareTeam: 'CarePlan',
      MedicationRequest: 'MedicationOrder',
      ServiceRequest: 'ProcedureRequest',
    });
  });

  /**
   * Stored conversions carry the converter's version. If its output changed without a new version, old and new
   * conversions would be mixed.
   */
  it('changes its version number with its output', () => {
    const made = Object.values(FULL)
      .flat()
      .map((resource) => JSON.stringify(visibleVariants(resource)));
    const digest = createHash('sha256').update(made.join('\n')).digest('hex').slice(0, 16);
    expect({ maker: dstu2Projection.converterVersion, digest }).toEqual({ maker: 10, digest: '07fbf3c0780c0cae' });
  });

  const elements = (type: string) => [...new Set((FULL[type] ?? []).flatMap((resource) => Object.keys(resource)))];

  it.each(types)('converts any %s without an error, to valid JSON', (resourceType) => {
    const garbage = fc.dictionary(fc.constantFrom(...elements(resourceType)), fc.jsonValue({ maxDepth: 4 }));
    fc.assert(
      fc.property(garbage, (parts) => {
        const made = visibleVariants({ ...parts, resourceType }).map((one) => JSON.stringify(one));
        for (const text of made) expect(() => JSON.parse(text)).not.toThrow();
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  /** Tries unexpected values at any position of a resource. */
  it.each(types)('passes on nothing that %s doesn’t define', (resourceType) => {
    const [full] = FULL[resourceType] ?? [];
    expect(JSON.stringify(convert(planted(full) as Resource))).not.toContain('planted');
    expect(convert(planted(full) as Resource)).toEqual(convert(full as Resource));
  });
});

function planted(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(planted);
  if (typeof node !== 'object' || node === null) return node;
  const parts = Object.entries(node as Node).map(([key, value]) => [key, planted(value)]);
  return { ...Object.fromEntries(parts), planted: 'planted', _planted: { id: 'planted' }, valuePlanted: ['planted'] };
}
