import { elementsAt, isMistake, isObject, isRefuted } from '../../fhir/index.ts';
import { nameOf } from './people.ts';
import { joined, type Reader, textOf } from './values.ts';

/** Where types have what they are called, the best first. */
const CALLED = ['code', 'description', 'vaccineCode', 'type', 'category'];

/**
 * What a resource is called by others that refer to it. One that was entered by mistake gives no name; what refers to a
 * Medication then keeps its own.
 */
export function titleOf(resource: unknown, reader: Reader): string | undefined {
  if (isMistake(resource))
    return elementsAt(resource, 'resourceType').includes('Medication') ? undefined : reader.words.mistake;
  const title = ownTitleOf(resource, reader);
  return title !== undefined && isRefuted(resource) ? `${title} (${reader.words.statuses['refuted']})` : title;
}

function ownTitleOf(resource: unknown, reader: Reader): string | undefined {
  const { text, concepts } = reader;
  return (
    text(resource, 'title', 'name') ??
    nameOf(resource, reader) ??
    deviceName(resource, reader) ??
    CALLED.map((path) => concepts(resource, path)).find((title) => title !== undefined)
  );
}

/** The name that is meant for people first. FHIR R4 Device.deviceName.type */
export function deviceName(resource: unknown, { text }: Reader): string | undefined {
  const names = elementsAt(resource, 'deviceName');
  const friendly = names.find((name) => elementsAt(name, 'type').includes('user-friendly-name'));
  return text(friendly, 'name') ?? text(resource, 'deviceName.name');
}

/** What the References at the path are called: by the record, else by whoever wrote them. */
export const referred = (resource: unknown, path: string, reader: Reader): string | undefined =>
  joined(referredEach(resource, path, reader));

export const referredEach = (resource: unknown, path: string, reader: Reader): readonly (string | undefined)[] =>
  elementsAt(resource, path).map((reference) => referenceName(resource, reference, reader));

export function referenceName(resource: unknown, reference: unknown, reader: Reader): string | undefined {
  if (!isObject(reference)) return undefined;
  const to = textOf(reference['reference']) ?? '';
  return reader.names.get(to) ?? textOf(reference['display']) ?? containedName(resource, to, reader);
}

/** FHIR R4 §2.34.4: `#id` leads to what the resource contains. */
function containedName(resource: unknown, to: string, reader: Reader): string | undefined {
  const contained = elementsAt(resource, 'contained').filter(isObject);
  const found = to.startsWith('#') ? contained.find(({ id }) => id === to.slice(1)) : undefined;
  return found === undefined ? undefined : titleOf(found, reader);
}
