import { elementsAt, isMistake, isObject, isRefuted } from '../../fhir/index.ts';
import { nameOf } from './people.ts';
import { joined, type Reader, textOf } from './values.ts';

/** Concept elements that can serve as a title, best first. */
const CALLED = ['code', 'description', 'vaccineCode', 'type', 'category'];

/**
 * Title of a resource as other resources refer to it. A resource that was entered in error is only marked as such. A
 * Medication in error returns undefined, so that the referring resource keeps its own text.
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

/** Prefers the user-friendly name. FHIR R4 Device.deviceName.type. */
export function deviceName(resource: unknown, { text }: Reader): string | undefined {
  const names = elementsAt(resource, 'deviceName');
  const friendly = names.find((name) => elementsAt(name, 'type').includes('user-friendly-name'));
  return text(friendly, 'name') ?? text(resource, 'deviceName.name');
}

/**
 * Joined names of the references at the path: the target's title if it is known, or else the reference's display text.
 */
export const referred = (resource: unknown, path: string, reader: Reader): string | undefined =>
  joined(referredEach(resource, path, reader));

export const referredEach = (resource: unknown, path: string, reader: Reader): readonly (string | undefined)[] =>
  elementsAt(resource, path).map((reference) => referenceName(resource, reference, reader));

export function referenceName(resource: unknown, reference: unknown, reader: Reader): string | undefined {
  if (!isObject(reference)) return undefined;
  const to = textOf(reference['reference']) ?? '';
  return reader.names.get(to) ?? textOf(reference['display']) ?? containedName(resource, to, reader);
}

/** FHIR R4 §2.34.4: `#id` refers to a contained resource. */
function containedName(resource: unknown, to: string, reader: Reader): string | undefined {
  const contained = elementsAt(resource, 'contained').filter(isObject);
  const found = to.startsWith('#') ? contained.find(({ id }) => id === to.slice(1)) : undefined;
  return found === undefined ? undefined : titleOf(found, reader);
}
