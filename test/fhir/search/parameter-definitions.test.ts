import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

interface Parameter {
  readonly name: string;
  readonly definition?: string;
}
interface Statement {
  readonly rest: readonly [
    {
      readonly searchParam: readonly Parameter[];
      readonly resource: readonly { readonly type: string; readonly searchParam?: readonly Parameter[] }[];
    },
  ];
}

const R4 = 'http://hl7.org/fhir/SearchParameter';
const US_CORE = 'http://hl7.org/fhir/us/core/SearchParameter';

describe('CapabilityStatement.rest.resource.searchParam.definition (FHIR R4)', () => {
  let server: FhirServer;
  let statement: Statement;
  beforeAll(async () => {
    server = await startFhir({ exports: true });
    statement = (await server.get(undefined, '/metadata')).json();
  });
  afterAll(() => server.close());

  const definitionOf = (type: string, name: string) =>
    statement.rest[0].resource
      .find((one) => one.type === type)
      ?.searchParam?.find((parameter) => parameter.name === name)?.definition;

  it.each([
    ['Observation', 'code', `${R4}/clinical-code`],
    ['Observation', 'patient', `${R4}/clinical-patient`],
    ['Observation', 'subject', `${R4}/Observation-subject`],
    ['Observation', 'component-code-value-quantity', `${R4}/Observation-component-code-value-quantity`],
    ['Observation', '_security', `${R4}/Resource-security`],
    ['Patient', 'family', `${R4}/individual-family`],
    ['Coverage', 'beneficiary', `${R4}/Coverage-beneficiary`],
    // US Core defines this parameter, and R4 doesn't.
    ['Patient', 'race', `${US_CORE}/us-core-race`],
    ['Goal', 'description', `${US_CORE}/us-core-goal-description`],
  ])('%s.%s', (type, name, definition) => {
    expect(definitionOf(type, name)).toBe(definition);
  });

  it('parameters of all types have one if they filter; parameters that format the response have none', () => {
    const named = Object.fromEntries(statement.rest[0].searchParam.map(({ name, definition }) => [name, definition]));
    expect(named).toMatchObject({
      _id: `${R4}/Resource-id`,
      _lastUpdated: `${R4}/Resource-lastUpdated`,
      _tag: `${R4}/Resource-tag`,
      _profile: `${R4}/Resource-profile`,
    });
    for (const name of ['_count', '_sort', '_summary', '_total', 'page']) expect(named[name], name).toBeUndefined();
  });

  it('every parameter of a type has one, except this server’s own, and no two have the same', () => {
    for (const { type, searchParam = [] } of statement.rest[0].resource) {
      const without = searchParam.filter(({ definition }) => definition === undefined).map(({ name }) => name);
      expect(without, type).toEqual(type === 'Group' ? ['name'] : []);
      const definitions = searchParam.flatMap(({ definition = [] }) => definition);
      expect(new Set(definitions).size, type).toEqual(definitions.length);
    }
  });
});
