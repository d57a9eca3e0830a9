import type { Resource } from '../../model/fhir-version.ts';
import { printJson } from '../../model/json.ts';
import { withSubsettedTag } from '../../model/subsetted-tag.ts';
import type { SummaryContent } from '../../model/summary.ts';
import { elementsAt } from '../../store/index/elements.ts';
import { isAllowedNarrative } from './allowed-narrative.ts';
import { buildComposition, COMPOSITION_PROFILE } from './composition.ts';
import { cutOutsideReferences, referenceKey } from './document-references.ts';
import { SUMMARY_LANGUAGE } from './narrative.ts';
import type { ResourceLookup } from './narrative-columns.ts';
import { firstLineAt } from './plain-text.ts';

export const BUNDLE_PROFILE = 'http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips';

interface DocumentEntry {
  readonly fullUrl: string;
  readonly resource: Resource;
}

/**
 * Builds the summary document as JSON text: the Composition, the Patient, and everything they refer to, each once. A
 * stored resource has its URL in this API as its fullUrl, a generated resource a URN. References in generated resources
 * are absolute, because a relative reference needs a base URL and a URN isn't one (FHIR R4 §3.3, §2.36.4.1).
 */
export function buildDocument({ base, now, uuid, patient, sections, others }: SummaryContent): string {
  const stored = new Map<string, Resource>();
  for (const resource of [patient, ...sections.flatMap(({ resources }) => resources), ...others]) {
    const key = keyInDocument(resource);
    if (!stored.has(key)) stored.set(key, resource);
  }
  const keys = new Set(stored.keys());
  const storedEntries = [...stored.values()].map((resource) => ({
    fullUrl: fullUrlOf(base, resource),
    resource: cutOutsideReferences(withoutUnsafeNarrative(resource), base, keys),
  }));
  const softwareEntry = generatedEntry(uuid(), (id) => ({ resourceType: 'Device', id, ...SOFTWARE }));
  const deviceUseEntries = new Map(
    sectionDevices(sections).map((device) => [
      device,
      generatedEntry(uuid(), (id) =>
        buildDeviceUse(device, id, { patient: fullUrlOf(base, patient), device: fullUrlOf(base, device) }),
      ),
    ]),
  );
  const meta = documentMeta(patient, [...stored.values()]);
  const id = uuid();
  const compositionResource = buildComposition(
    {
      id,
      now,
      patient: fullUrlOf(base, patient),
      device: softwareEntry.fullUrl,
      organization: practiceReference(patient, stored, base),
      sections,
      referenceTo: (resource) => deviceUseEntries.get(resource)?.fullUrl ?? fullUrlOf(base, resource),
      lookup: createLookup(stored),
    },
    meta(COMPOSITION_PROFILE),
  );
  const [first, ...rest] = storedEntries;
  const entries = [
    { fullUrl: urn(id), resource: compositionResource },
    first,
    softwareEntry,
    ...deviceUseEntries.values(),
    ...rest,
  ];
  return printJson({
    resourceType: 'Bundle',
    meta: meta(BUNDLE_PROFILE),
    language: SUMMARY_LANGUAGE,
    identifier: { system: 'urn:ietf:rfc:3986', value: urn(uuid()) },
    type: 'document',
    timestamp: now.toISOString(),
    entry: entries,
  });
}

/**
 * Removes a narrative that isn't safe to display. The narratives of the summary's sections describe the resource
 * instead.
 */
function withoutUnsafeNarrative(resource: Resource): Resource {
  const { text, ...rest } = resource;
  if (text === undefined || isAllowedNarrative(elementsAt(text, 'div')[0])) return resource;
  return { ...rest, meta: withSubsettedTag(rest['meta']) } as Resource;
}

const SOFTWARE = {
  status: 'active',
  deviceName: [{ name: 'Patient Access', type: 'user-friendly-name' }],
  type: { text: 'Software that assembles patient records' },
};

const urn = (id: string): string => `urn:uuid:${id}`;
const generatedEntry = (id: string, build: (id: string) => Resource): DocumentEntry => ({
  fullUrl: urn(id),
  resource: build(id),
});

const keyInDocument = ({ resourceType, id = '' }: Resource): string => referenceKey({ type: resourceType, id });
const fullUrlOf = (base: string, { resourceType, id }: Resource): string => `${base}/${resourceType}/${id}`;

const sectionDevices = (sections: SummaryContent['sections']): readonly Resource[] =>
  sections.filter(({ section }) => section === 'devices').flatMap(({ resources }) => resources);

const createLookup =
  (stored: ReadonlyMap<string, Resource>): ResourceLookup =>
  (reference) => {
    const [type = '', id = ''] = String(elementsAt(reference, 'reference')[0]).split('/');
    return stored.get(referenceKey({ type, id }));
  };

/**
 * Returns the reference to the practice that has the patient's record. Returns undefined if the practice isn't in the
 * document.
 */
function practiceReference(patient: Resource, stored: ReadonlyMap<string, Resource>, base: string): string | undefined {
  const organization = createLookup(stored)(patient['managingOrganization']);
  return organization === undefined ? undefined : fullUrlOf(base, organization);
}

/**
 * Returns a function that builds the `meta` of the Bundle or the Composition. It declares the IPS profile if the
 * patient has the required name and birth date. It carries the security labels of all resources in the document,
 * because narratives and the list of entries reveal their content (FHIR R4 §6.1.1).
 */
function documentMeta(patient: Resource, resources: readonly Resource[]): (profile: string) => object | undefined {
  const labels = new Map(
    resources.flatMap((resource) =>
      elementsAt(resource, 'meta.security').map(
        (label) => [`${firstLineAt(label, 'system')}|${firstLineAt(label, 'code')}`, label] as const,
      ),
    ),
  );
  const security = labels.size === 0 ? {} : { security: [...labels.values()] };
  const isNamed = ['text', 'family', 'given'].some((part) => elementsAt(patient, `name.${part}`).length > 0);
  return (profile) => {
    const meta = { ...(isNamed && 'birthDate' in patient ? { profile: [profile] } : {}), ...security };
    return Object.keys(meta).length === 0 ? undefined : meta;
  };
}

/**
 * DeviceUseStatement.status by Device.status (FHIR R4). For an implant, Device.status says whether it is still in
 * place.
 */
const STATUS: Readonly<Record<string, string>> = { active: 'active', inactive: 'completed' };

const UNKNOWN = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
};

/**
 * Builds the statement that a patient uses a device, which IPS 2.0.0 (DeviceUseStatement-uv-ips) requires in place of
 * the Device itself. It adds no information: the time is unknown, and so is the status if the Device has none.
 * @param addresses references to the patient and the device in the document
 */
function buildDeviceUse(
  device: Resource,
  id: string,
  references: { readonly patient: string; readonly device: string },
): Resource {
  const status = STATUS[String(device['status'])];
  return {
    resourceType: 'DeviceUseStatement',
    id,
    ...(status === undefined ? { _status: UNKNOWN } : { status }),
    subject: { reference: references.patient },
    _timingDateTime: UNKNOWN,
    device: { reference: references.device },
  };
}
