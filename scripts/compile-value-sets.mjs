// Compiles src/fhir/r4/generated/value-sets.json: the value sets that FHIR R4 binds elements of the stored types to,
// and those of US Core, if all of their codes are known and few enough, with the code systems that they use. Run again
// when a type is added or US Core has a new version. Arguments: a folder with profiles-resources.json, valuesets.json
// and v3-codesystems.json as published for R4, and folders of US Core packages, newest last.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [definitions, ...packages] = process.argv.slice(2);
if (definitions === undefined) throw new Error('Name the folder with the definitions of R4.');

/** Maximum number of codes in a compiled value set. Clients have to get the codes of larger ones elsewhere. */
const MOST = 160;
const BOUND = ['required', 'extensible', 'preferred'];

const checkout = path.join(import.meta.dirname, '..');
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const entries = (file) => read(path.join(definitions, file)).entry.map(({ resource }) => resource);
const types = Object.keys(read(path.join(checkout, 'src/fhir/store/index/generated/search-parameters.json')));

const known = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap(entries);
const guideResources = packages.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /^(ValueSet|CodeSystem)-/.test(name))
    .map((name) => read(path.join(folder, name))),
);
const byUrl = (kind) =>
  new Map([...known, ...guideResources].filter((one) => one.resourceType === kind).map((one) => [one.url, one]));
const valueSets = byUrl('ValueSet');
const codeSystems = byUrl('CodeSystem');

const bound = entries('profiles-resources.json')
  .filter(({ name }) => types.includes(name))
  .flatMap(({ snapshot }) => snapshot.element)
  .flatMap(({ binding }) => (BOUND.includes(binding?.strength) ? [binding.valueSet?.split('|')[0]] : []));
const wantedUrls = new Set([
  ...bound,
  ...guideResources.filter((one) => one.resourceType === 'ValueSet').map(({ url }) => url),
]);

const table = { codeSystems: {}, valueSets: {}, elements: {} };
for (const url of [...wantedUrls].filter((one) => one !== undefined).sort()) add(url);
for (const [url, { version, name, concept = [], caseSensitive = false }] of [...codeSystems].sort()) {
  if (!Object.hasOwn(table.codeSystems, url)) continue;
  table.codeSystems[url] = { version, name, caseSensitive, concept: concept.map(plain) };
}

const bindings = [
  ...entries('profiles-resources.json').filter(({ name }) => types.includes(name)),
  ...noteProfiles(),
].flatMap(elementBindings);
for (const [element, url] of bindings) if (Object.hasOwn(table.valueSets, url)) table.elements[element] = url;

const target = path.join(checkout, 'src/fhir/r4/generated/value-sets.json');
writeFileSync(target, `${JSON.stringify(table, null, 0).replaceAll(/(?<=[}\]]),"http/g, ',\n"http')}\n`);
console.log(
  `${Object.keys(table.valueSets).length} of ${wantedUrls.size} value sets, ${Object.keys(table.codeSystems).length} code systems`,
);

/** Profiles of US Core Clinical Notes, whose types and categories clients look up. */
function noteProfiles() {
  const newest = packages.at(-1);
  const profiles = ['us-core-documentreference', 'us-core-diagnosticreport-note'];
  return newest === undefined
    ? []
    : profiles.map((name) => read(path.join(newest, `StructureDefinition-${name}.json`)));
}

/** Elements with the value set that they are bound to. If a binding has a minimum value set, that is used instead. */
function elementBindings({ snapshot }) {
  return snapshot.element.flatMap(({ path: element, binding }) => {
    if (!BOUND.includes(binding?.strength)) return [];
    const least = binding.extension?.find(({ url }) => url.endsWith('/elementdefinition-minValueSet'))?.valueCanonical;
    return [least ?? binding.valueSet].filter(Boolean).map((url) => [element, url.split('|')[0]]);
  });
}

/**
 * Adds a value set with the value sets and code systems that it includes.
 * @returns whether all of its codes are known
 */
function add(url) {
  if (Object.hasOwn(table.valueSets, url)) return true;
  const { version, name, title, compose } = valueSets.get(url) ?? {};
  const exclude = compose?.exclude ?? [];
  if (compose === undefined || exclude.some(({ concept }) => concept === undefined)) return false;
  const include = compose.include.map(compileInclude);
  if (include.includes(undefined) || include.flatMap(({ concept = [] }) => concept).length > MOST) return false;
  for (const { system, concept } of include)
    if (system !== undefined && concept === undefined) table.codeSystems[system] = true;
  const excluded = exclude.map(({ system, concept }) => ({ system, concept: concept.map(({ code }) => ({ code })) }));
  table.valueSets[url] = { version, name, title, include, ...(excluded.length === 0 ? {} : { exclude: excluded }) };
  return true;
}

/** Lists the codes of one include. Returns undefined if they aren't all known or there are too many. */
function compileInclude({ system, version, concept, filter, valueSet = [] }) {
  if (!valueSet.every((one) => add(one.split('|')[0]))) return undefined;
  const sets = valueSet.length === 0 ? {} : { valueSet };
  if (system === undefined) return sets;
  if (concept !== undefined)
    return {
      system,
      version,
      concept: concept.map(({ code, display }) => withDisplay(code, display, system)),
      ...sets,
    };
  const all = codeSystems.get(system);
  if (all?.content !== 'complete') return undefined;
  if (filter !== undefined) {
    const codes = filterCodes(all, filter);
    return codes === undefined ? undefined : { system, concept: codes, ...sets };
  }
  return flattenConcepts(all.concept).length > MOST ? undefined : { system, ...sets };
}

/** Codes of a filter with the operator is-a. Undefined for any other filter. */
function filterCodes({ concept }, filter) {
  const [{ property, op, value }, ...others] = filter;
  const root = flattenConcepts(concept).find(({ code }) => code === value);
  if (others.length > 0 || property !== 'concept' || op !== 'is-a' || root === undefined) return undefined;
  const codes = flattenConcepts([root]).filter((one) => !isAbstract(one));
  return codes.length > MOST ? undefined : codes.map(({ code, display }) => ({ code, display }));
}

/** Whether a concept is abstract, which means that it only groups others. */
function isAbstract({ code, property = [] }) {
  return code.startsWith('_') || property.some((one) => one.code === 'notSelectable' && one.valueBoolean === true);
}

function flattenConcepts(concepts = []) {
  return concepts.flatMap((one) => [one, ...flattenConcepts(one.concept)]);
}

/** A value set may omit the display, which is then taken from the code system. */
function withDisplay(code, display, system) {
  const name = display ?? flattenConcepts(codeSystems.get(system)?.concept).find((one) => one.code === code)?.display;
  return { code, ...(name === undefined ? {} : { display: name }) };
}

function plain(one) {
  const { code, display, concept } = one;
  return {
    code,
    ...(display === undefined ? {} : { display }),
    ...(isAbstract(one) ? { abstract: true } : {}),
    ...(isRetired(one) ? { inactive: true } : {}),
    ...(concept === undefined ? {} : { concept: concept.map(plain) }),
  };
}

function isRetired({ property = [] }) {
  return property.some(
    ({ code, valueCode, valueBoolean, valueDateTime }) =>
      (code === 'status' && (valueCode === 'retired' || valueCode === 'deprecated')) ||
      (code === 'inactive' && valueBoolean === true) ||
      (code === 'deprecated' && valueDateTime !== undefined),
  );
}
