import type { Resource } from '../../fhir/index.ts';

const IPA = 'http://hl7.org/fhir/uv/ipa/StructureDefinition/ipa-';

type Json = Readonly<Record<string, unknown>>;
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : []);
const has = (one: Json, name: string): boolean => one[name] !== undefined;
/** Whether a choice element such as `value[x]` is present in any type. */
const hasChoice = (one: Json, name: string): boolean =>
  Object.keys(one).some((key) => new RegExp(`^${name}[A-Z]`).test(key));
const isCoded = (one: Json, name: string, code: string): boolean =>
  listOf(one[name]).some(({ coding }) => listOf(coding).some((each) => each['code'] === code));

/** Profiles of International Patient Access for each type, with a predicate for what the profile demands beyond R4. */
const PROFILES: Readonly<Record<string, Readonly<Record<string, (one: Json) => boolean>>>> = {
  AllergyIntolerance: { allergyintolerance: (one) => has(one, 'code') },
  Condition: {
    condition: (one) => has(one, 'code'),
    'problem-list-item': (one) => has(one, 'code') && isCoded(one, 'category', 'problem-list-item'),
  },
  DocumentReference: {
    documentreference: (one) =>
      has(one, 'subject') &&
      listOf(one['content']).every(({ attachment }) => isWhole(attachment as Json)) &&
      listOf((one['context'] as Json | undefined)?.['encounter']).length <= 1,
  },
  Immunization: { immunization: () => true },
  Medication: { medication: (one) => has(one, 'code') },
  MedicationRequest: { medicationrequest: () => true },
  MedicationStatement: { medicationstatement: () => true },
  Observation: {
    observation: (one) =>
      has(one, 'subject') &&
      (has(one, 'component') || has(one, 'hasMember') || has(one, 'dataAbsentReason') || hasChoice(one, 'value')),
  },
  Patient: {
    patient: (one) =>
      listOf(one['identifier']).length > 0 &&
      listOf(one['identifier']).every(
        (each) => has(each, 'value') && ['system', 'type', 'assigner'].some((name) => has(each, name)),
      ) &&
      listOf(one['name']).every((each) => ['family', 'given', 'text'].some((name) => has(each, name))) &&
      (!has(one, 'link') || has(one, 'active')),
  },
  Practitioner: { practitioner: (one) => has(one, 'name') },
  PractitionerRole: { practitionerrole: () => true },
};

const isWhole = (attachment: Json): boolean =>
  has(attachment, 'contentType') && (has(attachment, 'url') || has(attachment, 'data'));

/** Returns the resource with the International Patient Access profiles that it satisfies added to `meta.profile`. */
export function withIpa(resource: Resource): Resource {
  const met = Object.entries(PROFILES[resource.resourceType] ?? {})
    .filter(([, isMet]) => isMet(resource))
    .map(([name]) => `${IPA}${name}`);
  if (met.length === 0) return resource;
  const meta = (resource['meta'] ?? {}) as { readonly profile?: readonly string[] };
  return { ...resource, meta: { ...meta, profile: [...(meta.profile ?? []), ...met] } };
}
