import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SaxesParser } from 'saxes';
import { SHARED_DATA } from '../../support/fhir/shared-data.ts';

/** An element as an XML schema of FHIR declares it. */
export interface SchemaElement {
  readonly name: string;
  readonly type: string;
  readonly repeats: boolean;
}

interface ComplexType {
  base: string | undefined;
  readonly elements: SchemaElement[];
}

/** The elements of each type that a schema declares, inherited ones first, keyed by the type's name. */
export function readSchema(file: string): ReadonlyMap<string, readonly SchemaElement[]> {
  const types = new Map<string, ComplexType>();
  let current: ComplexType | undefined;
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const { name: own = '', ref, type = '', base, maxOccurs } = attributes as Record<string, string>;
    if (name === 'xs:complexType' && own !== '') {
      current = { base: undefined, elements: [] };
      types.set(own, current);
    }
    if (name === 'xs:extension' && current !== undefined) current.base = base;
    if (name === 'xs:element')
      current?.elements.push({ name: ref?.split(':').at(-1) ?? own, type, repeats: maxOccurs === 'unbounded' });
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'xs:complexType') current = undefined;
  });
  parser.write(readFileSync(path.join(SHARED_DATA ?? '', file), 'utf8')).close();

  const elementsOf = (name: string | undefined): readonly SchemaElement[] => {
    const type = types.get(name ?? '');
    return type === undefined ? [] : [...elementsOf(type.base), ...type.elements];
  };
  return new Map([...types.keys()].map((name) => [name, elementsOf(name)]));
}
