import { isObject, nonEmptyText } from '../../kernel/index.ts';
import type { EmbeddedType } from '../model/embedded-type.ts';
import type { Resource } from '../model/fhir-version.ts';
import type { ProjectionDependencies, ReferenceTarget } from '../model/projection.ts';
import { DSTU2_VARIANTS } from './convert/conversions.ts';
import { convertResource } from './convert/convert-resource.ts';
import { RECORD_TYPES } from './served/directory.ts';

/**
 * A DSTU2 Practitioner contains its R4 PractitionerRoles as elements. A search by a role finds a Practitioner only
 * through roles whose `active` is absent or true. The Practitioner doesn't show the others.
 */
export const EMBEDDED_ROLE: EmbeddedType = {
  type: 'PractitionerRole',
  parentType: 'Practitioner',
  parentParameter: 'practitioner',
  visibleWhen: [
    {
      kind: 'any',
      of: [
        { kind: 'not', of: { kind: 'present', of: 'token', index: 'active' } },
        { kind: 'token', index: 'active', values: [{ system: undefined, code: 'true' }] },
      ],
    },
  ],
};

/**
 * R4 resource types. A reference to a resource of such a type can't be converted by the type alone: either the DSTU2
 * type of the target depends on the target's content, or DSTU2 has no such resource.
 */
const CONTENT_DEPENDENT_TYPES = ['PractitionerRole', 'ServiceRequest', 'MedicationRequest'];
/**
 * R4 types of the patient record, without Patient and the types in `CONTENT_DEPENDENT_TYPES`. A resource of these types
 * may be hidden in DSTU2, so a Provenance must not refer to it there. A Patient is never hidden.
 */
const OTHER_RECORD_TYPES = RECORD_TYPES.filter(
  (stored) => stored !== 'Patient' && !CONTENT_DEPENDENT_TYPES.includes(stored),
);

/** Lists the other resources that the store must read to convert references to DSTU2. See docs/decisions/035. */
export const dstu2RelatedResources: Omit<ProjectionDependencies, 'storedVariants'> = {
  targetDependentTypes: CONTENT_DEPENDENT_TYPES,
  targetDependentTypesIn: { Provenance: [...CONTENT_DEPENDENT_TYPES, ...OTHER_RECORD_TYPES] },
  resolveTarget: (resource) =>
    resource.resourceType === 'PractitionerRole' ? roleTarget(resource) : variantTarget(resource),
  embedded: EMBEDDED_ROLE,
};

const PRACTITIONER = /^(Practitioner)\/([0-9a-f-]{36})$/;

/**
 * Replaces a reference to a PractitionerRole with a reference to the Practitioner who has or had the role. Roles that
 * have ended count too, because that person did what the reference is about. A role with a modifier extension gives no
 * reference, because the extension may change what the role means.
 */
function roleTarget({
  practitioner,
  modifierExtension,
}: Resource & Readonly<Record<string, unknown>>): ReferenceTarget | undefined {
  if (modifierExtension !== undefined || !isObject(practitioner)) return undefined;
  const [reference, type, id] = PRACTITIONER.exec(nonEmptyText(practitioner['reference']) ?? '') ?? [];
  return reference === undefined || type === undefined || id === undefined
    ? undefined
    : { reference, requires: { type, id } };
}

/** Returns a reference to the first DSTU2 type in which the resource is visible; undefined if it is visible in none. */
function variantTarget(resource: Resource): ReferenceTarget | undefined {
  const variant = DSTU2_VARIANTS.filter(({ stored }) => stored === resource.resourceType).find(({ type }) => {
    const converted = convertResource(resource, type);
    return converted !== undefined && 'resource' in converted;
  });
  return variant && { reference: `${variant.type}/${variant.idPrefix}${resource.id}` };
}
