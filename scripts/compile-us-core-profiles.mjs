// Compiles src/fhir/r4/generated/us-core-profiles.json: for each type, the profiles that US Core's server
// CapabilityStatement lists and US Core defines, with the versions that do. Run again for a new version of US Core.
// Arguments: folders of US Core packages, oldest first.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const packages = process.argv.slice(2);
if (packages.length === 0) throw new Error('Name the folders with the packages of US Core.');

const read = (folder, file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));

const table = {};
for (const folder of packages) {
  const { version } = read(folder, 'package.json');
  const defined = new Set(
    readdirSync(folder)
      .filter((name) => name.startsWith('StructureDefinition-'))
      .map((name) => read(folder, name).url),
  );
  const [server] = read(folder, 'CapabilityStatement-us-core-server.json').rest;
  for (const { type, supportedProfile = [] } of server.resource) {
    for (const url of supportedProfile.map((one) => one.split('|')[0]).filter((one) => defined.has(one))) {
      table[type] ??= {};
      table[type][url] ??= [];
      table[type][url].push(version);
    }
  }
}

const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
const printed = Object.fromEntries(Object.entries(sorted(table)).map(([type, profiles]) => [type, sorted(profiles)]));
const target = path.join(import.meta.dirname, '../src/fhir/r4/generated/us-core-profiles.json');
writeFileSync(target, `${JSON.stringify(printed, null, 1)}\n`);
console.log(`${Object.values(table).flatMap(Object.keys).length} profiles of ${Object.keys(table).length} types`);
