import { describe, expect, it } from 'vitest';
import dstu2Table from '../../../src/fhir/dstu2/generated/elements.json' with { type: 'json' };
import { type FhirTypeDefinition, readElements } from '../../../src/fhir/model/xml/element-definitions.ts';
import r4Table from '../../../src/fhir/r4/generated/elements.json' with { type: 'json' };
import { withData } from '../../support/fhir/published-data.ts';
import { SHARED_DATA } from '../../support/fhir/shared-data.ts';
import { readSchema, type SchemaElement } from './read-schema.ts';

const VERSIONS = [
  {
    version: 'R4',
    table: r4Table,
    schema: 'r4-xsd/fhir-single.xsd',
    resources: 146,
    primitives: 19,
    // The schema is that of 4.0.0. Its open choice elements lack Meta, and the parts of its datatypes have
    // modifierExtension.
    differences:
      /Meta$|^(Timing|Dosage|ElementDefinition|SubstanceAmount)\.[\w.]+\.modifierExtension$|^MedicinalProduct\.(indication|contact)$|^MedicinalProductPharmaceutical\.subject$/,
    absent: ['SubstanceSpecification'],
  },
  {
    version: 'DSTU2',
    table: dstu2Table,
    schema: 'dstu2-definitions/schema/fhir-single.xsd',
    resources: 94,
    primitives: 17,
    // The open choice elements of the schema have more types.
    differences: /Uuid$|^Parameters\.parameter\.valueElementDefinition$/,
    absent: [],
  },
];

describe.each(VERSIONS)('the elements of $version', ({ table, schema, resources, primitives, differences, absent }) => {
  const elements = readElements(table);
  const names = table.resources.split(' ');

  it('cover all resources in a small table', () => {
    expect(names).toHaveLength(resources);
    expect(table.primitives.split(' ')).toHaveLength(primitives);
    expect(JSON.stringify(table).length).toBeLessThan(150_000);
  });

  it('have types that exist', () => {
    for (const name of Object.keys(table.types))
      for (const { kind, type } of elements.getType(name).elements.values())
        if (kind === 'complex') expect(elements.getType(type).elements.size, `${name}: ${type}`).toBeGreaterThan(0);
  });

  it.runIf(SHARED_DATA)(withData('are those of the official schema, in its order'), () => {
    const types = readSchema(schema);
    expect(names.filter((name) => !types.has(name))).toEqual(absent);
    const compared = new Map<string, string>();
    const waiting = [...names.filter((name) => types.has(name)), 'Extension'].map((name) => [name, name] as const);
    for (const [name, declared] of waiting) {
      if (compared.has(name)) continue;
      compared.set(name, declared);
      waiting.push(...compare(elements.getType(name), types.get(declared) ?? [], differences));
    }
    expect(compared.size).toBeGreaterThan(resources * 3);
  });
});

/**
 * Compares our elements of a type with those in the schema.
 * @returns the names of the types of these elements, in ours and in the schema
 */
function compare(
  { name, elements }: FhirTypeDefinition,
  declared: readonly SchemaElement[],
  differences: RegExp,
): readonly (readonly [ours: string, theirs: string])[] {
  const own = [...elements.values()].filter(
    (one) => one.kind !== 'attribute' && !differences.test(`${name}.${one.name}`),
  );
  const theirs = declared.filter((one) => !differences.test(`${name}.${one.name}`));
  const inShort = (one: { readonly name: string; readonly repeats: boolean }) => `${one.name}${one.repeats ? '*' : ''}`;
  expect(own.map(inShort).toSorted(), name).toEqual(theirs.map(inShort).toSorted());
  // A choice counts as one element, and the order of its types doesn't matter.
  const places = theirs.map((one) => elements.get(one.name)?.choice ?? one.name);
  expect([...new Set(own.map((one) => one.choice ?? one.name))], name).toEqual([...new Set(places)]);
  return theirs.flatMap((one) => {
    const { kind, type = '' } = elements.get(one.name) ?? {};
    if (kind === 'resource') expect(one.type, `${name}.${one.name}`).toBe('ResourceContainer');
    if (kind === 'primitive') expect(isBare(one.type), `${name}.${one.name}`).toBe(isBare(type));
    return kind === 'complex' ? [[type, one.type] as const] : [];
  });
}

/** Whether JSON writes a type without quotation marks. */
const isBare = (type: string) => /^(boolean|decimal|integer|positiveInt|unsignedInt)$/.test(type);

describe('an element', () => {
  const { getType } = readElements(r4Table);
  const element = (type: string, name: string) => getType(type).elements.get(name);

  it('knows its datatype', () => {
    expect(element('Patient', 'deceasedBoolean')).toEqual({
      name: 'deceasedBoolean',
      kind: 'primitive',
      type: 'boolean',
      position: expect.any(Number),
      repeats: false,
      required: false,
      summary: true,
      choice: 'deceased[x]',
    });
    expect(element('Patient', 'contact')).toMatchObject({ kind: 'complex', type: 'Patient.contact', repeats: true });
    expect(element('Extension', 'url')).toMatchObject({ kind: 'attribute', required: true });
    expect(element('Narrative', 'div')).toMatchObject({ kind: 'xhtml' });
    expect(element('Bundle.entry', 'resource')).toMatchObject({ kind: 'resource' });
    expect(element('Patient', 'id')).toMatchObject({ kind: 'primitive', position: 0 });
    expect(element('HumanName', 'id')).toMatchObject({ kind: 'attribute' });
  });

  it('knows whether it is in the summary (FHIR R4 search §3.1.1.5.8)', () => {
    const summary = [...getType('Observation').elements.values()].filter((one) => one.summary).map((one) => one.name);
    expect(summary).toEqual(expect.arrayContaining(['id', 'meta', 'status', 'code', 'subject', 'valueQuantity']));
    expect(summary).not.toEqual(expect.arrayContaining(['note']));
  });

  it.each(['Meta.project', 'Meta.account', 'Binary.url', 'ResearchStudy.name', 'DeviceDefinition.bodySite'])(
    'doesn’t exist in R4 if it is DSTU2’s: %s',
    (name) => {
      const [type = '', last = ''] = name.split('.');
      expect(element(type, last)).toBeUndefined();
    },
  );
});
