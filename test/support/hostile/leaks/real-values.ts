import type { Resource } from '../../../../src/fhir/index.ts';
import { elementsAt, isObject } from '../../../../src/fhir/index.ts';
import { PARAMETERS } from '../../../../src/fhir/store/parameters.ts';
import { BASE } from '../../fhir-server.ts';
import { ANN, DIRECTORY_TYPES, directoryOf, MOTHER, type Owner, recordOf } from './record.ts';

const charts = new Map<Owner, readonly Resource[]>();

/** Of a record, or of a directory. */
function chartOf(owner: Owner): readonly Resource[] {
  const known = charts.get(owner);
  if (known !== undefined) return known;
  const other = owner === ANN ? MOTHER : ANN;
  const made = owner.canary.startsWith('DIR') ? directoryOf(owner) : recordOf(owner, other, BASE);
  charts.set(owner, made);
  return made;
}

/** What a parameter of a type is about in somebody's chart, as a search would ask for it: what finds something there. */
export function realValues(owner: Owner, type: string, parameter: string): readonly string[] {
  const one = PARAMETERS[type]?.[parameter];
  if (one === undefined) return [];
  if ('union' in one) return one.union.flatMap((part) => realValues(owner, type, part));
  if (!('paths' in one) || DIRECTORY_TYPES.includes(type) !== owner.canary.startsWith('DIR')) return [];
  const resources = chartOf(owner).filter(({ resourceType }) => resourceType === type);
  return resources.flatMap((resource) => one.paths.flatMap((path) => elementsAt(resource, path))).flatMap(textsOf);
}

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
