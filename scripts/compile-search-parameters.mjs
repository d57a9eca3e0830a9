// Compiles src/fhir/store/index/generated/search-parameters.json: the search parameters of FHIR R4 and US Core for the stored
// types, with the plain paths of their values. Also writes search-expressions.json and composite-expressions.json in
// test/support/generated, which tests compare it with. Run again when a type is added or US Core has a new version.
// Arguments: a folder with search-parameters.json, profiles-resources.json and valuesets.json as published for R4, and
// folders of US Core packages.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { alternativesOf, pathReader } from './search-paths.mjs';

const [definitions, ...packages] = process.argv.slice(2);
if (definitions === undefined) throw new Error('Name the folder with the definitions of R4.');

const TYPES = [
  'AllergyIntolerance',
  'Appointment',
  'CarePlan',
  'CareTeam',
  'Condition',
  'Coverage',
  'Device',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'Endpoint',
  'ExplanationOfBenefit',
  'FamilyMemberHistory',
  'Goal',
  'HealthcareService',
  'Immunization',
  'Location',
  'Media',
  'Medication',
  'MedicationAdministration',
  'MedicationDispense',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Organization',
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'Procedure',
  'Provenance',
  'Questionnaire',
  'QuestionnaireResponse',
  'RelatedPerson',
  'ServiceRequest',
  'Specimen',
  'ValueSet',
];

/** Parameters that name the patient. They are answered by the compartment instead of the index. */
const COMPARTMENT = ['patient', 'subject', 'beneficiary'];
/**
 * Coded elements with few distinct values, which are filtered within the record. All other tokens are selective enough
 * for an index.
 */
const FEW =
  /^(category|class|.*-status|status|.*status-reason|priority|intent|type-of-.*|criticality|severity|verification|language|relationship|gender|address-use|contenttype|modality|part-status|participant-type|special-arrangement|discharge-disposition|active|deceased|experimental|actual|exclude|use|outcome|lifecycle-status|security-label|facility|setting|relation|do-not-perform|race|ethnicity|gender-identity|role|connection-type|payload-type|appointment-type|service-category|relevant|signature-type|method-kind)$/;
/** Parameters that aren't compiled, because they have no plain path or their values can't be compared. */
const LEFT_OUT = new Set(['Location.near']);
/** Paths for parameters whose R4 expression is a condition or not a plain path. */
const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';
const BY_HAND = {
  'Patient.race': [`extension[url=${US_CORE}/us-core-race].extension.valueCoding`],
  'Patient.ethnicity': [`extension[url=${US_CORE}/us-core-ethnicity].extension.valueCoding`],
  'Patient.gender-identity': [`extension[url=${US_CORE}/us-core-genderIdentity].valueCodeableConcept`],
  'Patient.deceased': ['deceased'],
  'Encounter.length': ['length'],
  'Observation.value-string': ['valueString', 'valueCodeableConcept.text'],
};

/** Kinds of the parts of a composite parameter, by data type. A part of any other type is a token. */
const KINDS = { Reference: 'reference', Quantity: 'quantity', Range: 'quantity' };

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const entries = (file) => read(path.join(definitions, file)).entry.map(({ resource }) => resource);

const base = entries('search-parameters.json');
const own = packages.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.startsWith('SearchParameter-'))
    .map((name) => read(path.join(folder, name))),
);
const profiles = new Map(entries('profiles-resources.json').map((one) => [one.name, one]));
const { pathsOf, plain, elementOf } = pathReader(profiles);
const valueSets = new Map(
  entries('valuesets.json')
    .filter((one) => one.resourceType === 'ValueSet')
    .map((one) => [one.url, one]),
);

const table = {};
const expressions = {};
for (const type of TYPES) {
  const named = new Map();
  for (const parameter of [...base, ...own]) {
    if (!parameter.base.includes(type) || named.has(parameter.code) || parameter.code.startsWith('_')) continue;
    if (LEFT_OUT.has(`${type}.${parameter.code}`)) continue;
    named.set(parameter.code, { ...compileParameter(type, parameter), definition: parameter.url });
  }
  expressions[type] = Object.fromEntries(
    [...named]
      .filter(([, { kind }]) => kind !== 'composite')
      .flatMap(([code]) => fhirPathExpression(type, code))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  table[type] = Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const target = path.join(import.meta.dirname, '../src/fhir/store/index/generated/search-parameters.json');
writeFileSync(target, `${formatTable(table)}\n`);
console.log(`${Object.values(table).flatMap(Object.keys).length} parameters of ${TYPES.length} types`);

writeFileSync(
  path.join(import.meta.dirname, '../test/support/generated/search-expressions.json'),
  `${JSON.stringify(expressions, null, 1)}\n`,
);

writeFileSync(
  path.join(import.meta.dirname, '../test/support/generated/composite-expressions.json'),
  `${JSON.stringify(Object.fromEntries(TYPES.flatMap(compositeExpressions)), null, 1)}\n`,
);

/**
 * Expressions of composite parameters: the elements in which both parts must match, and the two parts relative to them.
 */
function compositeExpressions(type) {
  const own = base.filter((one) => one.type === 'composite' && one.base.includes(type));
  const expressed = own.map(({ code, expression, component }) => {
    const within = alternativesOf(expression).map((text) => text.trim());
    const parts = component.map((one) => one.expression.replace('DateTime', 'dateTime'));
    return [code, { of: within.filter((one) => one.split('.', 1)[0] === type), parts }];
  });
  return own.length === 0 ? [] : [[type, Object.fromEntries(expressed)]];
}

/**
 * Converts an expression to standard FHIRPath: `as` on collections becomes ofType, and `resolve()` becomes a test of
 * the reference's text.
 */
function fhirPathExpression(type, code) {
  const { expression } = [...base, ...own].find((one) => one.code === code && one.base.includes(type));
  const parts = alternativesOf(expression)
    .map((text) => text.trim())
    .filter((text) => new RegExp(`^\\(*${type}\\.`).test(text));
  const text = parts
    .join(' | ')
    .replace(/\(([^()|]+?) as (\w+)\)/g, '$1.ofType($2)')
    .replace(/\.as\((\w+)\)/g, '.ofType($1)')
    .replace(/\.where\(resolve\(\) is (\w+)\)/g, ".where(reference.startsWith('$1/'))");
  return [[code, text]];
}

function compileParameter(type, parameter) {
  const { code, type: kind } = parameter;
  const documentation = firstSentence(type, parameter);
  if (kind === 'composite') return { kind, ...compileComposite(type, parameter), documentation };
  if (COMPARTMENT.includes(code) && kind === 'reference' && canReferToPatient(type, parameter))
    return { kind: 'patient', paths: pathsOf(type, parameter), documentation };
  const paths = BY_HAND[`${type}.${code}`] ?? pathsOf(type, parameter);
  if (paths.length === 0) throw new Error(`${type}.${code}: no path in ${parameter.expression}`);
  const parts = code.startsWith('combo-')
    ? [code.slice('combo-'.length), code.replace('combo', 'component')]
    : undefined;
  if (parts !== undefined) return { kind, union: parts, documentation };
  if (kind === 'date') return { kind, paths: paths.filter((one) => !/(String|Age|Range)$/.test(one)), documentation };
  if (kind === 'token') return { kind, ...compileToken(type, code, paths), documentation };
  if (kind === 'reference') return { kind, paths, targets: storedTargets(parameter), documentation };
  return { kind, paths, documentation };
}

/**
 * Compiles a composite. On the resource itself, the parts are two of its parameters. On a repeating element, both parts
 * must match in the same element. A combo parameter is either of the two.
 */
function compileComposite(type, { code, expression, component }) {
  const roots = alternativesOf(expression)
    .map((text) => text.trim())
    .filter((text) => text === type || text.startsWith(`${type}.`));
  if (roots.length > 1) {
    const plain = code.replace(/^combo-/, '');
    if (plain === code) throw new Error(`${type}.${code}: the names of its parts are missing`);
    return { union: [plain, `component-${plain}`] };
  }
  if (roots[0] === type)
    return { of: component.map(({ definition }) => base.find(({ url }) => url === definition).code) };
  const group = roots[0].slice(type.length + 1);
  return { group, parts: component.map(({ expression: text }) => compilePart(type, group, text)) };
}

/**
 * A part of a composite: its paths relative to the group, and its kind derived from the data type, because R4 states a
 * wrong kind for one of them.
 */
function compilePart(type, group, expression) {
  const paths = alternativesOf(expression).flatMap((text) => plain(type, `${type}.${group}.${text.trim()}`));
  const [kind = 'token'] = paths.map((one) => KINDS[typeAtPath(type, one)] ?? 'token');
  const { system } = kind === 'token' ? compileToken(type, '', paths) : {};
  return {
    kind,
    paths: paths.map((one) => one.slice(group.length + 1)),
    ...(system === undefined ? {} : { system }),
  };
}

/** Data type at a path; `component.valueQuantity` is a Quantity. */
function typeAtPath(type, names) {
  const element = elementOf(type, names);
  if (element !== undefined) return element.type[0].code;
  return /\.value([A-Z]\w*)$/.exec(names)?.[1];
}

function canReferToPatient(type, { target: targets = [] }) {
  return targets.includes('Patient') && profiles.has(type);
}

/** Types that a reference parameter leads to and this server stores. Empty if it stores none of them. */
function storedTargets({ target: targets = [] }) {
  return targets.filter((one) => TYPES.includes(one)).sort();
}

function compileToken(type, code, paths) {
  const element = elementOf(type, paths[0].replace(/\[.*?\]/g, ''));
  const codes = (element?.type ?? []).map((one) => one.code);
  const few = FEW.test(code) || codes.some((one) => one === 'code' || one === 'boolean');
  const system = codes.includes('code') ? bindingSystem(element) : undefined;
  // Identifiers can also be searched by their type (:of-type).
  const typed = codes.includes('Identifier') ? { typed: true } : {};
  return { paths, column: few ? 'flags' : 'codes', ...(system === undefined ? {} : { system }), ...typed };
}

/** The code system of a required binding, if all its codes are of one system. */
function bindingSystem({ binding }) {
  if (binding?.strength !== 'required') return undefined;
  const set = valueSets.get(binding.valueSet?.split('|')[0]);
  const systems = new Set(set?.compose?.include.map((one) => one.system));
  const [system] = systems;
  return systems.size === 1 ? system : undefined;
}

/** The documentation of a parameter for several types has one line for each type. */
function firstSentence(type, { description }) {
  const line = description.split('\n').find((one) => one.includes(`[${type}](`));
  const documented = (line ?? description).replace(/^\*?\s*\[\w+\]\([^)]*\):\s*/, '').trim();
  const [first] = documented.split(/\r?\n/);
  const text = first
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('**', '')
    .trim();
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** Writes one line for each parameter. */
function formatTable(all) {
  const types = Object.entries(all).map(([type, parameters]) => {
    const lines = Object.entries(parameters).map(([name, one]) => `  ${JSON.stringify(name)}: ${JSON.stringify(one)}`);
    return ` ${JSON.stringify(type)}: {\n${lines.join(',\n')}\n }`;
  });
  return `{\n${types.join(',\n')}\n}`;
}
