import { isLosslessNumber } from 'lossless-json';

/** A FHIR Reference with an address in its element `reference`. */
export type AddressedReference = Readonly<Record<string, unknown>> & { readonly reference: string };

/**
 * Returns a copy of a JSON value in which `change` has replaced each FHIR Reference. Everything else keeps its value
 * and its order.
 */
export function mapReferences(value: unknown, change: (reference: AddressedReference) => object): unknown {
  if (Array.isArray(value)) return value.map((item) => mapReferences(item, change));
  if (typeof value !== 'object' || value === null || isLosslessNumber(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, mapReferences(member, change)]);
  const own = Object.fromEntries(members);
  return typeof own.reference === 'string' ? change(own) : own;
}

/**
 * Returns a copy of a JSON value in which references have other addresses.
 * @param names new address by old address, both as `Type/id`
 */
export const replaceReferences = (value: unknown, names: ReadonlyMap<string, string>): unknown =>
  mapReferences(value, (reference) => {
    const now = names.get(reference.reference);
    return now === undefined ? reference : { ...reference, reference: now };
  });

/** Returns the addresses of all references in a resource that have the form `Type/id`. */
export function findLocalReferences(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  mapReferences(value, (reference) => {
    if (LOCAL_REFERENCE.test(reference.reference)) found.add(reference.reference);
    return reference;
  });
  return found;
}

const LOCAL_REFERENCE = /^[A-Z][A-Za-z]+\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
