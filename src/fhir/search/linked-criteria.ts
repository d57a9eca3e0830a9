import { idIn, type ReferenceValue } from '../model/condition.ts';
import type { ServedType } from '../model/fhir-version.ts';
import type { LinkIndex } from '../model/link-index.ts';
import type { EmbeddedLink, SearchCondition, SearchLink } from '../model/search-link.ts';
import { parameterIndexes, type SearchParameter } from '../model/search-parameter.ts';
import { parametersForVariant, typeVariants } from '../model/type-variants.ts';
import { readEmbeddedCriterion, withEmbeddedLink } from './embedded-criteria.ts';
import { splitName } from './parameter-name.ts';
import type { SearchContext } from './search-context.ts';
import { getSearchParameters, readSearchCriterion, type SearchCriterion } from './search-criteria.ts';
import { invalidSearch } from './values/search-value.ts';

/** Maximum number of references that a chain or `_has` follows one after the other. No realistic search needs more. */
const MAX_DEPTH = 3;

/**
 * Parses a chain such as `encounter.class=AMB` or `subject:Patient.name=…` (FHIR R4 search §3.1.1.5.6), a reverse chain
 * such as `_has:Observation:encounter:code=…` (§3.1.1.5.7), or one inside another.
 * @returns undefined if the parameter name is neither a chain nor `_has`
 * @throws Problem 400 if the server can't follow the chain
 */
export function readLink(name: string, value: string, context: SearchContext, depth = 0): SearchCondition | undefined {
  if (!name.startsWith('_has:') && !name.includes('.')) return undefined;
  if (depth >= MAX_DEPTH) throw invalidSearch(`A search can follow at most ${MAX_DEPTH} links in a row.`);
  return name.startsWith('_has:') ? readHas(name, value, context, depth) : readChain(name, value, context, depth);
}

function readHas(name: string, value: string, context: SearchContext, depth: number): SearchCondition {
  const [, typeName = '', reference = '', ...rest] = name.split(':');
  const served = context.version.types.find((type) => type.name === typeName);
  const linksTo = (here: ServedType) =>
    served === undefined ? [] : typeVariants(served).flatMap((form) => variantLinks(reference, form, here));
  const found = linksTo(context.served);
  // A search for DSTU2 CarePlan covers two R4 types, CarePlan and CareTeam, and each is parsed on its own. If the
  // reference in `_has` can point to CareTeams only, the part for R4 CarePlan matches nothing. The request is still
  // valid.
  const isKnown = found.length > 0 || siblingVariants(context).some((form) => linksTo(form).length > 0);
  if (served === undefined || !isKnown || rest.length === 0 || context.served.compartment !== 'record') {
    throw invalidSearch(
      'The parameter _has expects the referring type, its reference parameter, and a search parameter of that type: _has:Observation:encounter:code=…. The searched resources must be in a patient record.',
    );
  }
  const links = found.flatMap(({ by, form: other }): readonly SearchLink[] => {
    const pairs = parametersForVariant(served, other, [[rest.join(':'), value]]);
    const conditions = pairs?.map(([name, own]) =>
      readLinkedCondition(name, own, { ...context, served: other }, depth),
    );
    return conditions === undefined ? [] : [{ kind: 'link', direction: 'from', by, other, conditions }];
  });
  return combineLinks(links);
}

/** Returns all R4 types that are served under the name of the searched type. */
const siblingVariants = ({ version, served }: SearchContext): readonly ServedType[] =>
  version.types.map(typeVariants).find((forms) => forms.includes(served)) ?? [];

/**
 * Returns the search indexes of a reference parameter of the type `form` that can have references to the type `here`.
 * The list is empty if the parameter can't point to `here`.
 */
function variantLinks(reference: string, form: ServedType, here: ServedType) {
  const parameter = form.parameters.find((one) => one.name === reference);
  return parameter === undefined ? [] : linkIndexes(parameter, here).map((by) => ({ form, by }));
}

function readChain(name: string, value: string, context: SearchContext, depth: number): SearchCondition | undefined {
  const dot = name.indexOf('.');
  const { plain, modifier } = splitName(name.slice(0, dot));
  const parameter = context.served.parameters.find((one) => one.name === plain);
  if (parameter === undefined) return undefined;
  if (context.served.stored === 'Provenance') throw invalidSearch('Searches of Provenance can’t follow links.');
  const rest = name.slice(dot + 1);
  const links = chainTargets(parameter, modifier, context).flatMap((other): readonly (SearchLink | EmbeddedLink)[] => {
    const indexes = isSearchableBy(other, rest) ? linkIndexes(parameter, other) : [];
    if (indexes.length === 0) return [];
    const conditions = [readLinkedCondition(rest, value, { ...context, served: other }, depth)];
    return indexes.flatMap((by) =>
      withEmbeddedLink({ kind: 'link', direction: 'to', by, other, conditions }, context.version),
    );
  });
  if (links.length === 0)
    throw invalidSearch(
      `The parameter ${plain} links to no type that supports a search by ${rest.split(/[.:]/, 1)[0]}.`,
    );
  return combineLinks(links);
}

function combineLinks(links: readonly (SearchLink | EmbeddedLink)[]): SearchCondition {
  const [first, ...others] = links;
  return first !== undefined && others.length === 0 ? first : { kind: 'alternatives', of: links };
}

/**
 * Returns the types to which the reference in a chain can point. If a modifier names one, as in `subject:Patient`, only
 * that type is returned.
 */
function chainTargets(parameter: SearchParameter, modifier: string | undefined, { version, served }: SearchContext) {
  const fits = ({ name, stored }: ServedType) =>
    (modifier === undefined || modifier === name) &&
    (parameter.kind === 'patient'
      ? stored === 'Patient'
      : parameter.kind === 'reference' && parameter.targets.includes(stored));
  // Directory resources belong to no patient record. So a chain that starts at a directory type can't continue at a
  // type of patient records.
  return version.types.filter(
    (type) => fits(type) && (served.compartment === 'record' || type.compartment === 'practice'),
  );
}

/**
 * Returns the search indexes of a reference parameter, if the parameter can point to the given type. The list is empty
 * if it can't. For a parameter that names the patient, the result is the patient record instead of an index.
 */
function linkIndexes(parameter: SearchParameter, { stored }: ServedType): readonly LinkIndex[] {
  // A DSTU2 Practitioner shows its PractitionerRoles as embedded resources. A parameter whose values come from embedded
  // resources can't be part of a chain, so no index is returned.
  if ('within' in parameter) return [];
  if (parameter.kind === 'patient') return stored === 'Patient' ? [{ kind: 'compartment' }] : [];
  if (parameter.kind !== 'reference' || !parameter.targets.includes(stored)) return [];
  return parameterIndexes(parameter).map((index) => ({ kind: 'reference', index }));
}

/** True if the type has the search parameter with which the rest of a chain begins. */
function isSearchableBy(served: ServedType, name: string): boolean {
  const [first = ''] = name.split(/[.:]/, 1);
  return (
    ['_id', '_lastUpdated', '_has'].includes(first) || getSearchParameters(served).some((one) => one.name === first)
  );
}

/**
 * Returns the condition for a chain that ends with `patient`, such as `encounter.patient=…`: the linked resource is in
 * the patient record of one of the given patients. Undefined for a type that isn't in patient records.
 */
function patientLink(patients: readonly ReferenceValue[], { version, served }: SearchContext): SearchLink | undefined {
  const other = version.types.find(({ stored }) => stored === 'Patient');
  if (other === undefined || served.compartment !== 'record') return undefined;
  const ids = patients.filter(({ type }) => type === undefined || type === 'Patient').map(({ id }) => id);
  return { kind: 'link', direction: 'to', by: { kind: 'compartment' }, other, conditions: [idIn(ids)] };
}

function readLinkedCondition(name: string, value: string, context: SearchContext, depth: number): SearchCondition {
  const link = readLink(name, value, context, depth + 1);
  if (link !== undefined) return link;
  const { plain, modifier } = splitName(name);
  const embedded = readEmbeddedCriterion(plain, modifier, value, context);
  if (embedded !== undefined) return embedded;
  const criterion: SearchCriterion | undefined = readSearchCriterion(plain, modifier, value, context);
  const condition = criterion?.kind === 'patient' ? patientLink(criterion.patients, context) : criterion;
  if (condition === undefined)
    throw invalidSearch(`${context.served.name} doesn’t support ${plain} at the end of a chain.`);
  return condition;
}
