import type { Resource } from '../../fhir/index.ts';

const IPA_BASE = 'http://hl7.org/fhir/uv/ipa/StructureDefinition/ipa-';

type IpaJson = Readonly<Record<string, unknown>>;
const toList = (value: unknown): readonly IpaJson[] => (Array.isArray(value) ? value : []);
const hasElement = (one: IpaJson, name: string): boolean => one[name] !== undefined;
/** Whether a choice element such as `value[x]` is present in any type. */
const hasChoiceElement = (one: IpaJson, name: string): boolean =>
  Object.keys(one).some((key) => new RegExp(`^${name}[A-Z]`).test(key));
const hasCode = (one: IpaJson, name: string, code: string): boolean =>
  toList(one[name]).some(({ coding }) => toList(coding).some((each) => each['code'] === code));

/** Profiles of International Patient Access for each type, with a predicate for what the profile demands beyond R4. */
const PROFILES: Readonly<Record<string, Readonly<Record<string, (one: IpaJson) => boolean>>>> = {
  AllergyIntolerance: { allergyintolerance: (one) => hasElement(one, 'code') },
  Condition: {
    condition: (one) => hasElement(one, 'code'),
    'problem-list-item': (one) => hasElement(one, 'code') && hasCode(one, 'category', 'problem-list-item'),
  },
  DocumentReference: {
    documentreference: (one) =>
      hasElement(one, 'subject') &&
      toList(one['content']).every(({ attachment }) => isCompleteAttachment(attachment as IpaJson)) &&
      toList((one['context'] as IpaJson | undefined)?.['encounter']).length <= 1,
  },
  Immunization: { immunization: () => true },
  Medication: { medication: (one) => hasElement(one, 'code') },
  MedicationRequest: { medicationrequest: () => true },
  MedicationStatement: { medicationstatement: () => true },
  Observation: {
    observation: (one) =>
      hasElement(one, 'subject') &&
      (hasElement(one, 'component') ||
        hasElement(one, 'hasMember') ||
        hasElement(one, 'dataAbsentReason') ||
        hasChoiceElement(one, 'value')),
  },
  Patient: {
    patient: (one) =>
      toList(one['identifier']).length > 0 &&
      toList(one['identifier']).every(
        (each) => hasElement(each, 'value') && ['system', 'type', 'assigner'].some((name) => hasElement(each, name)),
      ) &&
      toList(one['name']).every((each) => ['family', 'given', 'text'].some((name) => hasElement(each, name))) &&
      (!hasElement(one, 'link') || hasElement(one, 'active')),
  },
  Practitioner: { practitioner: (one) => hasElement(one, 'name') },
  PractitionerRole: { practitionerrole: () => true },
};

const isCompleteAttachment = (attachment: IpaJson): boolean =>
  hasElement(attachment, 'contentType') && (hasElement(attachment, 'url') || hasElement(attachment, 'data'));

/** Returns the resource with the International Patient Access profiles that it satisfies added to `meta.profile`. */
export function withIpaProfiles(resource: Resource): Resource {
  const met = Object.entries(PROFILES[resource.resourceType] ?? {})
    .filter(([, isMet]) => isMet(resource))
    .map(([name]) => `${IPA_BASE}${name}`);
  if (met.length === 0) return resource;
  const meta = (resource['meta'] ?? {}) as { readonly profile?: readonly string[] };
  return { ...resource, meta: { ...meta, profile: [...(meta.profile ?? []), ...met] } };
}
