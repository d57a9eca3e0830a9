// Compiles test/us-core/generated/must-support.json: for each version of US Core, what a server must support, by
// profile: elements, slices with their discriminators, flagged types and targets, and the codes of slices. Run again
// for a new version of US Core. Arguments: folders of US Core packages, oldest first.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const REQUIRED = 'http://hl7.org/fhir/us/core/StructureDefinition/uscdi-requirement';
const TYPE_MUST_SUPPORT = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-type-must-support';
const LISTS = ['ValueSet/us-core-clinical-note-type', 'CodeSystem/us-core-category'];

const plain = (canonical) => canonical.split('|', 1)[0];
const isFlagged = (one, url) => one?.extension?.some((each) => each.url === url && each.valueBoolean === true) === true;
const isRequired = (element) => element.mustSupport === true || isFlagged(element, REQUIRED);
const isSlice = ({ id }) => id.split('.').at(-1).includes(':');

/** @param resources resources of a package by file name */
export function mustSupportOf(resources) {
  const all = [...resources.values()];
  const byUrl = new Map(all.filter(({ url }) => url !== undefined).map((one) => [one.url, one]));
  const [server] = resources.get('CapabilityStatement-us-core-server.json').rest;
  const claimed = server.resource
    .flatMap(({ supportedProfile = [] }) => supportedProfile.map(plain))
    .filter((url) => byUrl.has(url));
  const definitions = all.filter(({ resourceType, snapshot }) => resourceType === 'StructureDefinition' && snapshot);
  const profiles = definitions
    .filter(({ url, type }) => type === 'Extension' || claimed.includes(url))
    .map(({ url, snapshot }) => [url, snapshot.element.filter(isKept).map(compileElement)]);
  const bound = profiles.flatMap(([, elements]) => elements.flatMap(({ valueSet }) => valueSet ?? []));
  return {
    claimed: [...new Set(claimed)].sort(),
    bases: Object.fromEntries(definitions.map(({ url, baseDefinition }) => [url, baseDefinition]).sort()),
    profiles: Object.fromEntries(profiles.filter(([, elements]) => elements.some(({ demanded }) => demanded)).sort()),
    valueSets: Object.fromEntries(
      [...new Set(bound)].sort().flatMap((url) => (byUrl.has(url) ? [[url, compileIncludes(byUrl.get(url))]] : [])),
    ),
    lists: Object.fromEntries(LISTS.map((name) => [name, listCodes(byUrl.get(`http://hl7.org/fhir/us/core/${name}`))])),
  };
}

/** Keeps required elements, and elements that identify slices. */
const isKept = (element) =>
  isRequired(element) ||
  element.slicing !== undefined ||
  (element.id.includes(':') && (isSlice(element) || findPattern(element) !== undefined || element.binding));

/** Whether the types of an element are compiled. Other elements have a single type, which isn't checked. */
const hasTypes = ({ id, type = [] }) =>
  /\[x\](:|$)/.test(id.split('.').at(-1)) || type.some(({ code }) => ['Reference', 'Extension'].includes(code));

function compileElement(element) {
  const { id, type = [], slicing, binding } = element;
  const pattern = findPattern(element);
  return {
    id,
    ...(isRequired(element) ? { demanded: true } : {}),
    ...(hasTypes(element) ? { types: type.map(compileType) } : {}),
    ...(slicing?.discriminator ? { slicedBy: slicing.discriminator.map((one) => one.path) } : {}),
    ...(pattern === undefined ? {} : { pattern }),
    ...(id.includes(':') && binding?.valueSet !== undefined ? { valueSet: plain(binding.valueSet) } : {}),
  };
}

function compileType(type) {
  const { code, profile, targetProfile, _targetProfile } = type;
  const flagged = (targetProfile ?? []).filter((_, index) => isFlagged(_targetProfile?.[index], TYPE_MUST_SUPPORT));
  return {
    code,
    ...(isFlagged(type, TYPE_MUST_SUPPORT) ? { flagged: true } : {}),
    ...(profile === undefined ? {} : { profile: plain(profile[0]) }),
    ...(targetProfile === undefined ? {} : { targets: targetProfile.map(plain) }),
    ...(flagged.length === 0 ? {} : { flaggedTargets: flagged.map(plain) }),
  };
}

const findPattern = (element) => Object.entries(element).find(([key]) => /^(fixed|pattern)[A-Z]/.test(key))?.[1];
/** An include without codes covers the whole code system. */
const compileIncludes = ({ compose }) =>
  compose.include.map(({ system, concept, valueSet }) => ({
    ...(system === undefined ? {} : { system }),
    ...(concept === undefined ? {} : { codes: concept.map(({ code }) => code) }),
    ...(valueSet === undefined ? {} : { valueSets: valueSet.map(plain) }),
  }));
const listCodes = ({ compose, concept }) =>
  (concept ?? compose.include.flatMap((one) => one.concept ?? [])).map(({ code }) => code);

if (process.argv[1] === import.meta.filename) {
  const folders = process.argv.slice(2);
  if (folders.length === 0) throw new Error('Name the folders with the packages of US Core.');
  const read = (folder) =>
    new Map(
      readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => [name, JSON.parse(readFileSync(path.join(folder, name), 'utf8'))]),
    );
  const packages = folders.map(read);
  const table = Object.fromEntries(packages.map((one) => [one.get('package.json').version, mustSupportOf(one)]));
  const target = path.join(import.meta.dirname, '../test/us-core/generated/must-support.json');
  writeFileSync(target, `${JSON.stringify(table).replaceAll('],"http', '],\n"http')}\n`);
  console.log(
    Object.entries(table)
      .map(([version, { claimed }]) => `${version}: ${claimed.length} profiles`)
      .join('\n'),
  );
}
