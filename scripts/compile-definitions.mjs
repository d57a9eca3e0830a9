// Compiles FHIR R4's own definitions into the validator's tables: types, extensions, and the codes of required
// bindings. Usage: node scripts/compile-definitions.mjs FOLDER, where FOLDER has the JSON files of R4's definitions
// (profiles-resources, profiles-types, extension-definitions, valuesets, v3-codesystems, v2-tables).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readStructureDefinition } from '../src/validation/definitions/read-structure-definition.ts';
import { expandValueSet } from '../src/validation/terminology/expand-value-set.ts';

const [folder = ''] = process.argv.slice(2);
const target = path.join(import.meta.dirname, '../src/validation/generated');
const read = (name) =>
  JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')).entry.map((entry) => entry.resource);

/** Elements that one publisher of R4's definitions added to them. */
const ADDED = {
  Meta: ['project', 'author', 'onBehalfOf', 'account', 'accounts', 'compartment'],
  Binary: ['url'],
};

const ADDED_TYPES = ['SubscriptionStatus'];

const definitions = [...read('profiles-resources'), ...read('profiles-types'), ...read('extension-definitions')].filter(
  ({ resourceType, url, type }) =>
    resourceType === 'StructureDefinition' && url.startsWith('http://hl7.org/fhir/') && !ADDED_TYPES.includes(type),
);
const profiles = definitions.flatMap((definition) => {
  const profile = readStructureDefinition(definition);
  if (profile === undefined) return [];
  for (const name of ADDED[profile.type] ?? []) delete profile.rule.children?.[name];
  return [profile];
});

const terminology = [...read('valuesets'), ...read('v3-codesystems'), ...read('v2-tables')];
const byUrl = (resourceType) =>
  new Map(terminology.filter((one) => one.resourceType === resourceType).map((one) => [one.url, one]));
const codeSystems = byUrl('CodeSystem');
const valueSets = byUrl('ValueSet');
const known = { codeSystem: (url) => codeSystems.get(url), valueSet: (url) => valueSets.get(url) };
const bound = new Set(profiles.flatMap(({ rule }) => requiredBindings(rule)));
const codes = {};
const unlisted = [];
for (const url of [...bound].sort()) {
  const valueSet = valueSets.get(url);
  const listed = valueSet === undefined ? undefined : expandValueSet(valueSet, known);
  if (listed === undefined) unlisted.push(url);
  else codes[url] = listed;
}

/**
 * Maximum number of codes in a code system that is compiled. A value set of an implementation guide may include such a
 * system as a whole.
 */
const MOST_OF_A_SYSTEM = 500;
const systems = Object.fromEntries(
  [...codeSystems.values()]
    .filter(({ content, url }) => content === 'complete' && /^http:\/\/(hl7|terminology\.hl7)\.org\//.test(url))
    .map(({ url, concept = [] }) => [url, listCodes(concept)])
    .filter(([, all]) => all.length > 0 && all.length <= MOST_OF_A_SYSTEM)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

mkdirSync(target, { recursive: true });
writeFileSync(path.join(target, 'r4-profiles.json'), `${JSON.stringify(profiles)}\n`);
writeFileSync(path.join(target, 'r4-codes.json'), `${JSON.stringify(codes)}\n`);
writeFileSync(path.join(target, 'r4-systems.json'), `${JSON.stringify(systems)}\n`);
console.log(
  `${profiles.length} profiles, ${Object.keys(codes).length} value sets; not to be listed: ${unlisted.join(' ')}`,
);

function requiredBindings({ binding, children = {}, slices = {} }) {
  const inner = [...Object.values(children), ...Object.values(slices)].flatMap(requiredBindings);
  return binding === undefined ? inner : [binding, ...inner];
}

function listCodes(concepts) {
  return concepts.flatMap(({ code, concept = [] }) => [code, ...listCodes(concept)]);
}
