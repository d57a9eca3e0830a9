import type { Resource } from '../fhir/index.ts';
import type { Carried } from './carried.ts';
import { isObject, listOf, textAt } from './json-value.ts';
import { withLabelsOf } from './labels.ts';
import { withReferences } from './names.ts';

/**
 * A request with the Medications of the input that it refers to inside it: this server has no address for a Medication.
 * What is not in the input stays a reference.
 */
export function withMedications<R extends Resource>(request: R, carried: Carried): R {
  const own = listOf(request, 'contained');
  const box = newBox(carried, new Set(own.map((one) => textAt(one, 'id'))));
  const medicationReference = withReferences(request['medicationReference'], box.rename);
  box.fill();
  if (box.contained.length === 0) return request;
  const whole = { ...request, medicationReference, contained: [...own, ...box.contained] };
  return withLabelsOf(whole, [...box.packed()]);
}

interface Box {
  readonly contained: unknown[];
  /** The text of a reference, once what it leads to is to be contained. */
  rename(reference: string): string;
  /** Puts in what was referred to, and what that refers to. A Medication may have itself for an ingredient. */
  fill(): void;
  /** Those that were, as they came. */
  packed(): Iterable<unknown>;
}

function newBox(carried: Carried, used: ReadonlySet<string | undefined>): Box {
  const ids = new Map<Record<string, unknown>, string>();
  const contained: unknown[] = [];
  const rename = (reference: string): string => {
    const found = carried.find(reference);
    if (!isObject(found) || found['resourceType'] !== 'Medication') return reference;
    const id = ids.get(found) ?? freeId(used, ids.size + 1);
    ids.set(found, id);
    return `#${id}`;
  };
  const fill = () => {
    // A Map tells of what is added to it meanwhile.
    for (const [medication, id] of ids) {
      carried.taken.add(medication);
      contained.push(...unpacked(medication, id, rename));
    }
  };
  return { contained, rename, fill, packed: () => ids.keys() };
}

function freeId(used: ReadonlySet<string | undefined>, number: number): string {
  const id = `medication-${number}`;
  return used.has(id) ? `${id}x` : id;
}

/** DomainResource dom-2 and dom-4: within another, a resource has neither contained resources nor versions. */
function unpacked(medication: Record<string, unknown>, id: string, rename: Box['rename']): readonly unknown[] {
  const { meta: _meta, contained: _contained, ...rest } = medication;
  const inside = (reference: string) =>
    reference.length > 1 && reference.startsWith('#') ? `#${id}-${reference.slice(1)}` : rename(reference);
  const within = listOf(medication, 'contained').filter(isObject);
  return [
    { ...(withReferences(rest, inside) as object), id },
    ...within.map((one) => ({ ...(withReferences(one, inside) as object), id: `${id}-${textAt(one, 'id')}` })),
  ];
}
