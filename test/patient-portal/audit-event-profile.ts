import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SHARED_DATA } from '../support/fhir/shared-data.ts';
import type { Definitions, ElementDefinition, StructureDefinition } from '../us-core/check-profile.ts';

/**
 * Parses R4's definition of AuditEvent from its XML schema. The slices are those that IHE BALP 1.1 adds in its
 * StructureDefinitions.
 */
const read = (name: string): string => readFileSync(path.join(SHARED_DATA ?? '', name), 'utf8');

export function typeDefinitions(): Definitions {
  const { entry } = JSON.parse(read('r4-definitions/profiles-types.json')) as {
    entry: readonly { resource: StructureDefinition & { name: string } }[];
  };
  return new Map(
    entry.flatMap(({ resource }) =>
      resource.resourceType === 'StructureDefinition' ? [[resource.name, resource] as const] : [],
    ),
  );
}

interface DeclaredElement {
  readonly name: string;
  readonly min: number;
  readonly max: string;
  readonly type: string;
}

/** The elements of a complexType in schema order, recursively for its nested types. */
function declaredIn(xsd: string, complexType: string): readonly DeclaredElement[] {
  const body = new RegExp(`<xs:complexType name="${complexType}">[\\s\\S]*?</xs:complexType>`).exec(xsd)?.[0] ?? '';
  return [...body.matchAll(/<xs:element ([^>]*name="[^"]+"[^>]*)>/g)].map(([, attributes = '']) => {
    const at = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
    const max = at('maxOccurs');
    return { name: at('name'), min: Number(at('minOccurs')), max: max === 'unbounded' ? '*' : max, type: at('type') };
  });
}

const INHERITED: readonly DeclaredElement[] = [
  { name: 'id', min: 0, max: '1', type: 'id' },
  { name: 'extension', min: 0, max: '*', type: 'Extension' },
  { name: 'modifierExtension', min: 0, max: '*', type: 'Extension' },
];
const OF_RESOURCES: readonly DeclaredElement[] = [
  ...INHERITED,
  { name: 'meta', min: 0, max: '1', type: 'Meta' },
  { name: 'implicitRules', min: 0, max: '1', type: 'uri' },
  { name: 'language', min: 0, max: '1', type: 'code' },
  { name: 'text', min: 0, max: '1', type: 'Narrative' },
  { name: 'contained', min: 0, max: '*', type: 'Resource' },
];

function elementsOf(xsd: string, complexType: string, parent: string): readonly ElementDefinition[] {
  const inherited = parent === 'AuditEvent' ? OF_RESOURCES : INHERITED;
  return [...inherited, ...declaredIn(xsd, complexType)].flatMap(({ name, min, max, type }) => {
    const id = `${parent}.${name}`;
    const inner = type.startsWith('AuditEvent.') ? elementsOf(xsd, type, id) : [];
    const code = /^AuditEvent[A-Z]/.test(type) ? 'code' : type;
    return [{ id, path: id, min, max, type: [{ code }] }, ...inner];
  });
}

const structure = (url: string, element: readonly ElementDefinition[]): StructureDefinition => ({
  resourceType: 'StructureDefinition',
  url,
  type: 'AuditEvent',
  kind: 'resource',
  snapshot: { element },
});

const base = (): readonly ElementDefinition[] => [
  { id: 'AuditEvent', path: 'AuditEvent', min: 0, max: '*' },
  ...elementsOf(read('r4-xsd/fhir-single.xsd'), 'AuditEvent', 'AuditEvent'),
];

export const auditEventDefinition = (): StructureDefinition => structure('AuditEvent', base());

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const ENTITY = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
const concept = (system: string, code: string) => ({ patternCodeableConcept: { coding: [{ system, code }] } });
const coding = (system: string, code: string) => ({ patternCoding: { system, code } });

type Child = readonly [name: string, min: number, max: string, rest?: object];

function slice(of: string, name: string, [min, max]: readonly [number, string], children: readonly Child[]) {
  const id = `AuditEvent.${of}:${name}`;
  const elements = children.flatMap(([child, low, high, rest = {}]) => {
    const path = `AuditEvent.${of}.${child}`;
    const inner = base().filter((element) => element.id.startsWith(`${path}.`));
    const type = base().find((element) => element.id === path)?.type ?? [];
    return [
      { id: `${id}.${child}`, path, min: low, max: high, type, ...rest },
      ...inner.map((element) => ({ ...element, id: element.id.replace(path, `${id}.${child}`) })),
    ];
  });
  return [{ id, path: `AuditEvent.${of}`, sliceName: name, min, max }, ...elements] as readonly ElementDefinition[];
}

const SLICED = { slicing: { discriminator: [{ type: 'value', path: 'type' }] } };

/** The differential of the BALP profile: the changes to each element, by element id. */
function profile(
  name: string,
  changes: Readonly<Record<string, object>>,
  slices: readonly ElementDefinition[],
): StructureDefinition {
  const elements = base().map((element) => ({ ...element, ...changes[element.id] }));
  return structure(`https://profiles.ihe.net/ITI/BALP/StructureDefinition/${name}`, [...elements, ...slices]);
}

const agents = (client: string, server: string) => [
  ...slice(
    'agent',
    'client',
    [1, '1'],
    [
      ['type', 1, '1', concept(DCM, client)],
      ['who', 1, '1'],
      ['network', 1, '1'],
      ['media', 0, '0'],
    ],
  ),
  ...slice(
    'agent',
    'server',
    [1, '1'],
    [
      ['type', 1, '1', concept(DCM, server)],
      ['who', 1, '1'],
      ['network', 1, '1'],
      ['media', 0, '0'],
    ],
  ),
  ...slice(
    'agent',
    'user',
    [0, '1'],
    [
      ['type', 1, '1', concept('http://terminology.hl7.org/CodeSystem/v3-ParticipationType', 'IRCP')],
      ['who', 1, '1'],
      ['requestor', 1, '1', { patternBoolean: true }],
      ['media', 0, '0'],
      ['network', 0, '0'],
    ],
  ),
];
const patient = () =>
  slice(
    'entity',
    'patient',
    [1, '1'],
    [
      ['type', 1, '1', coding(ENTITY, '1')],
      ['role', 1, '1', coding(ROLE, '1')],
      ['what', 1, '1'],
    ],
  );
const transaction = () =>
  slice(
    'entity',
    'transaction',
    [0, '1'],
    [
      ['type', 1, '1', coding('https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', 'XrequestId')],
      ['what', 1, '1'],
    ],
  );
const common = (action: string) => ({
  'AuditEvent.type': coding('http://terminology.hl7.org/CodeSystem/audit-event-type', 'rest'),
  'AuditEvent.subtype': { min: 1 },
  'AuditEvent.action': { min: 1, patternCode: action },
  'AuditEvent.outcome': { min: 1, patternCode: '0' },
  'AuditEvent.agent': { min: 2, ...SLICED },
  'AuditEvent.entity': { min: 2, ...SLICED },
});

/** The profile IHE.BasicAudit.PatientRead, in which data flows from the server to the client. */
export const patientReadProfile = (): StructureDefinition =>
  profile('IHE.BasicAudit.PatientRead', common('R'), [
    ...agents('110152', '110153'),
    ...patient(),
    ...transaction(),
    ...slice(
      'entity',
      'data',
      [1, '1'],
      [
        ['type', 1, '1', coding(ENTITY, '2')],
        ['role', 0, '1', coding(ROLE, '4')],
        ['what', 1, '1'],
      ],
    ),
  ]);

/** The profile IHE.BasicAudit.PatientQuery, in which the query flows from the client to the server. */
export const patientQueryProfile = (): StructureDefinition =>
  profile('IHE.BasicAudit.PatientQuery', common('E'), [
    ...agents('110153', '110152'),
    ...patient(),
    ...transaction(),
    ...slice(
      'entity',
      'query',
      [1, '1'],
      [
        ['type', 1, '1', coding(ENTITY, '2')],
        ['role', 1, '1', coding(ROLE, '24')],
        ['what', 0, '0'],
        ['lifecycle', 0, '0'],
        ['query', 1, '1'],
        ['detail', 0, '0'],
      ],
    ),
  ]);
