import { elementsAt, type Resource } from '../../../src/fhir/index.ts';
import type { CompositeLocation, SearchParameter } from '../../../src/fhir/model/search-parameter.ts';
import { STORED_PARAMETERS } from '../../../src/fhir/store/index/stored-parameters.ts';
import { isObject } from '../../../src/kernel/index.ts';
import { BASE } from '../fhir/fhir-server.ts';
import { ANN, DIRECTORY_TYPES, MOTHER, makeDirectory, makeRecord, type Owner } from './record.ts';

const charts = new Map<Owner, readonly Resource[]>();

/** Resources of an owner's record or directory. */
function chartOf(owner: Owner): readonly Resource[] {
  const known = charts.get(owner);
  if (known !== undefined) return known;
  const other = owner === ANN ? MOTHER : ANN;
  const made = owner.canary.startsWith('DIR') ? makeDirectory(owner) : makeRecord(owner, other, BASE);
  charts.set(owner, made);
  return made;
}

/** Paths of the parameters that all types have. */
const COMMON: Readonly<Record<string, string>> = {
  _tag: 'meta.tag',
  _profile: 'meta.profile',
  _security: 'meta.security',
};

/** Values of a parameter in an owner's resources, in the syntax of a search that finds them. */
export function realValues(owner: Owner, type: string, parameter: SearchParameter): readonly string[] {
  if (DIRECTORY_TYPES.includes(type) !== owner.canary.startsWith('DIR')) return [];
  const resources = chartOf(owner).filter(({ resourceType }) => resourceType === type);
  return resources.flatMap((resource) =>
    parameter.kind === 'composite'
      ? parameter.locations.flatMap((composed) => togetherIn(resource, composed))
      : parameter.kind === 'patient'
        ? valuesIn(resource, parameter.name)
        : [parameter.index, ...(parameter.otherIndexes ?? [])].flatMap((index) => valuesIn(resource, index)),
  );
}

function valuesIn(resource: Resource, index: string): readonly string[] {
  const one = STORED_PARAMETERS[resource.resourceType]?.[index];
  if (one !== undefined && 'union' in one) return one.union.flatMap((part) => valuesIn(resource, part));
  const paths = one !== undefined && 'paths' in one ? one.paths : [COMMON[index] ?? []].flat();
  return paths.flatMap((path) => elementsAt(resource, path)).flatMap(textsOf);
}

/** Values of a composite parameter, joined with `$`. */
function togetherIn(resource: Resource, composed: CompositeLocation): readonly string[] {
  if (composed.of === 'resource') return joined(composed.components.map(({ index }) => valuesIn(resource, index)));
  const one = STORED_PARAMETERS[resource.resourceType]?.[composed.index];
  if (one === undefined || !('group' in one)) return [];
  return elementsAt(resource, one.group).flatMap((element) =>
    joined(one.parts.map(({ paths }) => paths.flatMap((path) => elementsAt(element, path)).flatMap(textsOf))),
  );
}

/** Joins the first value of each part, and the last value of each part. */
const joined = (parts: readonly (readonly string[])[]): readonly string[] =>
  parts.some((values) => values.length === 0)
    ? []
    : [0, -1].map((at) => parts.map((values) => values.at(at)).join('$'));

const escaped = (text: unknown): string => String(text).replaceAll(/[\\,|$]/g, '\\$&');

function textsOf(element: unknown): readonly string[] {
  if (!isObject(element)) return element === undefined ? [] : [escaped(element)];
  const { coding, system, code, value, reference, start, event, family, city, text } = element;
  if (Array.isArray(coding)) return coding.flatMap(textsOf);
  if (reference !== undefined) return [escaped(reference)];
  if (typeof value === 'number') return [String(value)];
  if (code !== undefined || value !== undefined) {
    const plain = escaped(code ?? value);
    return typeof system === 'string' && /[:/]/.test(system) ? [plain, `${escaped(system)}|${plain}`] : [plain];
  }
  if (Array.isArray(event)) return event.map(String);
  return [start, family, city, text].filter((one) => one !== undefined).map(escaped);
}
