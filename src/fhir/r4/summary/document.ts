import { printJson } from '../../core/json.ts';
import { subsetted } from '../../core/subsetted.ts';
import type { SummaryContent } from '../../core/summary.ts';
import type { Resource } from '../../core/version.ts';
import { elementsAt } from '../../store/elements.ts';
import { isAllowedNarrative } from './allowed-narrative.ts';
import type { LookUp } from './columns.ts';
import { COMPOSITION_PROFILE, composition } from './composition.ts';
import { deviceUse } from './device-use.ts';
import { LANGUAGE } from './narrative.ts';
import { lineAt } from './plain-text.ts';
import { keyOf, withinDocument } from './references.ts';

export const BUNDLE_PROFILE = 'http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips';

interface Entry {
  readonly fullUrl: string;
  readonly resource: Resource;
}

/**
 * JSON text of the document: Composition, Patient, and once each what they refer to. What is stored has its address in this
 * API and what is made for the document one of its own; references in what is made are absolute, since there is no base
 * that they could be relative to. FHIR R4 §3.3 and §2.36.4.1
 */
export function document({ base, now, uuid, patient, sections, others }: SummaryContent): string {
  const stored = new Map<string, Resource>();
  for (const resource of [patient, ...sections.flatMap(({ resources }) => resources), ...others]) {
    const key = keyInDocument(resource);
    if (!stored.has(key)) stored.set(key, resource);
  }
  const keys = new Set(stored.keys());
  const kept = [...stored.values()].map((resource) => ({
    fullUrl: addressIn(base, resource),
    resource: withinDocument(withoutForeignText(resource), base, keys),
  }));
  const software = made(uuid(), (id) => ({ resourceType: 'Device', id, ...SOFTWARE }));
  const uses = new Map(
    devicesIn(sections).map((device) => [
      device,
      made(uuid(), (id) =>
        deviceUse(device, id, { patient: addressIn(base, patient), device: addressIn(base, device) }),
      ),
    ]),
  );
  const meta = metaOf(patient, [...stored.values()]);
  const id = uuid();
  const composed = composition(
    {
      id,
      now,
      patient: addressIn(base, patient),
      device: software.fullUrl,
      organization: practiceOf(patient, stored, base),
      sections,
      addressOf: (resource) => uses.get(resource)?.fullUrl ?? addressIn(base, resource),
      lookUp: lookUpIn(stored),
    },
    meta(COMPOSITION_PROFILE),
  );
  const [first, ...rest] = kept;
  const entries = [{ fullUrl: urn(id), resource: composed }, first, software, ...uses.values(), ...rest];
  return printJson({
    resourceType: 'Bundle',
    meta: meta(BUNDLE_PROFILE),
    language: LANGUAGE,
    identifier: { system: 'urn:ietf:rfc:3986', value: urn(uuid()) },
    type: 'document',
    timestamp: now.toISOString(),
    entry: entries,
  });
}

/** What stands beside the entries is told by the sections. */
function withoutForeignText(resource: Resource): Resource {
  const { text, ...rest } = resource;
  if (text === undefined || isAllowedNarrative(elementsAt(text, 'div')[0])) return resource;
  return { ...rest, meta: subsetted(rest['meta']) } as Resource;
}

const SOFTWARE = {
  status: 'active',
  deviceName: [{ name: 'Patient Access', type: 'user-friendly-name' }],
  type: { text: 'Software that puts records together' },
};

const urn = (id: string): string => `urn:uuid:${id}`;
const made = (id: string, make: (id: string) => Resource): Entry => ({ fullUrl: urn(id), resource: make(id) });

const keyInDocument = ({ resourceType, id = '' }: Resource): string => keyOf({ type: resourceType, id });
const addressIn = (base: string, { resourceType, id }: Resource): string => `${base}/${resourceType}/${id}`;

const devicesIn = (sections: SummaryContent['sections']): readonly Resource[] =>
  sections.filter(({ section }) => section === 'devices').flatMap(({ resources }) => resources);

const lookUpIn =
  (stored: ReadonlyMap<string, Resource>): LookUp =>
  (reference) => {
    const [type = '', id = ''] = String(elementsAt(reference, 'reference')[0]).split('/');
    return stored.get(keyOf({ type, id }));
  };

/** Whose record it is. */
function practiceOf(patient: Resource, stored: ReadonlyMap<string, Resource>, base: string): string | undefined {
  const organization = lookUpIn(stored)(patient['managingOrganization']);
  return organization === undefined ? undefined : addressIn(base, organization);
}

/**
 * Of Bundle and Composition: the guide's profile, where the patient has what it asks of one, and the labels of all that is
 * in the document, since narrative and list tell of it. FHIR R4 §6.1.1
 */
function metaOf(patient: Resource, resources: readonly Resource[]): (profile: string) => object | undefined {
  const labels = new Map(
    resources.flatMap((resource) =>
      elementsAt(resource, 'meta.security').map(
        (label) => [`${lineAt(label, 'system')}|${lineAt(label, 'code')}`, label] as const,
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
