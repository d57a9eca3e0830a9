import { elementsAt, isEnteredInError, isRefuted, personName } from '../../fhir/index.ts';
import { isObject } from '../../kernel/index.ts';
import { joinTexts, type ResourceReader, toText } from './resource-reader.ts';

/** Elements whose CodeableConcept can serve as the title of a resource, best first. */
const TITLE_PATHS = ['code', 'description', 'vaccineCode', 'type', 'category'];

/**
 * Returns the title of a resource, for use in resources that refer to it. The title of a resource that was entered in
 * error only says so. For a Medication that was entered in error, returns undefined, so that the referring resource
 * shows its own text.
 */
export function resourceTitle(resource: unknown, reader: ResourceReader): string | undefined {
  if (isEnteredInError(resource))
    return elementsAt(resource, 'resourceType').includes('Medication') ? undefined : reader.messages.enteredInError;
  const title = findTitle(resource, reader);
  return title !== undefined && isRefuted(resource) ? `${title} (${reader.messages.statuses['refuted']})` : title;
}

function findTitle(resource: unknown, reader: ResourceReader): string | undefined {
  const { text, concepts } = reader;
  return (
    text(resource, 'title', 'name') ??
    personName(resource) ??
    deviceName(resource, reader) ??
    TITLE_PATHS.map((path) => concepts(resource, path)).find((title) => title !== undefined)
  );
}

/** Returns the name of a device, preferably the user-friendly one. FHIR R4 Device.deviceName.type. */
export function deviceName(resource: unknown, { text }: ResourceReader): string | undefined {
  const names = elementsAt(resource, 'deviceName');
  const friendly = names.find((name) => elementsAt(name, 'type').includes('user-friendly-name'));
  return text(friendly, 'name') ?? text(resource, 'deviceName.name');
}

/**
 * Joins the names of the references at the path. A name is the target's title if it is known, or else the reference's
 * display text.
 */
export const formatReferences = (resource: unknown, path: string, reader: ResourceReader): string | undefined =>
  joinTexts(referenceNames(resource, path, reader));

export const referenceNames = (
  resource: unknown,
  path: string,
  reader: ResourceReader,
): readonly (string | undefined)[] =>
  elementsAt(resource, path).map((reference) => referenceName(resource, reference, reader));

export function referenceName(resource: unknown, reference: unknown, reader: ResourceReader): string | undefined {
  if (!isObject(reference)) return undefined;
  const to = toText(reference['reference']) ?? '';
  return reader.names.get(to) ?? toText(reference['display']) ?? containedName(resource, to, reader);
}

/**
 * Returns the title of a contained resource, to which `#id` refers (FHIR R4 §2.34.4). Earlier versions
 * converted C-CDA documents to contained resources without an id. If there is only one, the reference means it.
 */
function containedName(resource: unknown, to: string, reader: ResourceReader): string | undefined {
  if (!to.startsWith('#')) return undefined;
  const contained = elementsAt(resource, 'contained').filter(isObject);
  const [only, ...others] = contained;
  const isNameless = others.length === 0 && only?.['id'] === undefined;
  const found = contained.find(({ id }) => id === to.slice(1)) ?? (isNameless ? only : undefined);
  return found === undefined ? undefined : resourceTitle(found, reader);
}
