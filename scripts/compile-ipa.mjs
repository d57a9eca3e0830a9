// Compiles src/fhir/r4/generated/ipa-profiles.json, the profiles of International Patient Access by type, and
// test/support/generated/ipa.json, the requirements of its CapabilityStatement and profiles. Run again for a new
// version of IPA. Argument: the folder input/resources of its repository (HL7/fhir-ipa).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder with the resources of IPA.');

const EXTENSIONS = 'http://hl7.org/fhir/StructureDefinition';
const EXPECTATION = `${EXTENSIONS}/capabilitystatement-expectation`;
const COMBINATION = `${EXTENSIONS}/capabilitystatement-search-parameter-combination`;
const EXPECTED = ['SHALL', 'SHOULD'];

const read = (name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
const isExpected = ({ extension = [] }) =>
  extension.some(({ url, valueCode }) => url === EXPECTATION && EXPECTED.includes(valueCode));
const named = (entries = []) => entries.filter(isExpected).map(({ name }) => name);

const server = read('CapabilityStatement-ipa-server.json');
const types = server.rest[0].resource.map((one) => ({
  type: one.type,
  profiles: [one.profile, ...(one.supportedProfile ?? [])].filter((url) => url.includes('/uv/ipa/')),
  interactions: one.interaction.filter(isExpected).map(({ code }) => code),
  parameters: named(one.searchParam),
  combinations: (one.extension ?? [])
    .filter((extension) => extension.url === COMBINATION && isExpected(extension))
    .map(({ extension }) => extension.flatMap(({ valueString }) => valueString ?? [])),
  operations: (one.operation ?? []).filter(isExpected).map(({ definition }) => definition),
  includes: one.searchInclude ?? [],
  reverseIncludes: one.searchRevInclude ?? [],
}));

/** Elements of a profile with their cardinality, must-support flags and constraints. */
const profiles = readdirSync(folder)
  .filter((name) => name.startsWith('StructureDefinition-'))
  .map(read)
  .map(({ url, type, differential }) => ({
    url,
    type,
    elements: differential.element.map(
      ({ id, path: at, min, max, mustSupport, patternCodeableConcept, constraint }) => ({
        id,
        path: at,
        ...(min > 0 ? { required: true } : {}),
        ...(max === undefined ? {} : { max }),
        ...(mustSupport === true ? { mustSupport } : {}),
        ...(patternCodeableConcept === undefined ? {} : { pattern: patternCodeableConcept.coding }),
        ...(constraint === undefined
          ? {}
          : {
              constraints: constraint
                .filter(({ severity }) => severity === 'error')
                .map(({ key, expression }) => ({ key, expression })),
            }),
      }),
    ),
  }));

const write = (file, value) =>
  writeFileSync(path.join(import.meta.dirname, '..', file), `${JSON.stringify(value, null, 1)}\n`);
write(
  'src/fhir/r4/generated/ipa-profiles.json',
  Object.fromEntries(types.map(({ type, profiles: urls }) => [type, urls])),
);
write('test/support/generated/ipa.json', { url: server.url, version: server.version, types, profiles });
console.log(`${types.length} types, ${profiles.length} profiles`);
