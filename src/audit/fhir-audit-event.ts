import type { AccessLogEntry } from './access-log-query.ts';

/** Facts that an AuditEvent resource needs besides the log entry. */
export interface AuditEventContext {
  /** Base URL of the R4 API. */
  readonly fhirBase: string;
  /** Issuer URL of the authorization server, which is the identifier system for account ids and client ids. */
  readonly issuer: string;
  /** `Patient.id` of the patient record. */
  readonly patientId: string;
  /** Returns the R4 name of a resource type, for example MedicationRequest for MedicationOrder. */
  storedType(type: string): string;
}

/** Base of the profile URLs of IHE Basic Audit Log Patterns (BALP) 1.1. */
const PROFILE = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';
const BALP_ENTITY = 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType';
const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem/';
const INTERACTION = 'http://hl7.org/fhir/restful-interaction';

/**
 * Builds the FHIR R4 AuditEvent resource for an entry of the access log. A successful read over a FHIR API follows the
 * IHE BALP profile PatientRead or PatientQuery. These profiles describe only successes, so the resource for a rejected
 * request has the same parts but claims no profile. Nothing is invented: a search contains only the names of its
 * parameters, and the app's network address is marked as unknown.
 */
export function toFhirAuditEvent(entry: AccessLogEntry, setting: AuditEventContext): object {
  const { outcome, at, id } = entry;
  const { profile, ...interaction } = toInteraction(entry);
  const claims = profile !== undefined && outcome === 'success';
  return {
    resourceType: 'AuditEvent',
    id,
    ...toMeta(claims ? `${PROFILE}${profile}` : undefined, entry),
    ...interaction,
    recorded: at.toISOString(),
    ...toOutcome(entry),
    agent: toAgents(entry, setting),
    source: {
      site: new URL(setting.issuer).host,
      observer: serverReference(setting),
      type: [{ system: `${TERMINOLOGY}security-source-type`, code: '4', display: 'Application Server' }],
    },
    entity: toEntities(entry, setting),
  };
}

/** Tag of test data. It marks made-up reads of sandbox patients, so that no program takes them for disclosures. */
const TEST_DATA = { system: `${TERMINOLOGY}v3-ActReason`, code: 'HTEST', display: 'test health data' };

function toMeta(profile: string | undefined, { madeUp }: AccessLogEntry): { readonly meta?: object } {
  const meta = {
    ...(profile === undefined ? {} : { profile: [profile] }),
    ...(madeUp ? { tag: [TEST_DATA] } : {}),
  };
  return Object.keys(meta).length === 0 ? {} : { meta };
}

/** Returns the code of FHIR R4 audit-event-outcome: 4 for a rejected request, 8 for a server error. */
function toOutcome({ outcome, detail }: AccessLogEntry) {
  if (outcome === 'success') return { outcome: '0' };
  const outcomeDesc = String(detail['problem'] ?? 'refused');
  return { outcome: outcomeDesc === 'internal' ? '8' : '4', outcomeDesc };
}

const REST = { system: `${TERMINOLOGY}audit-event-type`, code: 'rest', display: 'RESTful Operation' };

function toInteraction({ kind }: AccessLogEntry) {
  if (kind === 'search')
    return {
      profile: 'PatientQuery',
      type: REST,
      subtype: [{ system: INTERACTION, code: 'search-type', display: 'search-type' }],
      action: 'E',
    };
  if (kind === 'record-view')
    return { profile: undefined, type: { system: DCM, code: '110110', display: 'Patient Record' }, action: 'R' };
  if (kind === 'export')
    return { profile: undefined, type: { system: DCM, code: '110106', display: 'Export' }, action: 'R' };
  const subtype = [{ system: INTERACTION, code: 'read', display: 'read' }];
  return { profile: 'PatientRead', type: REST, subtype, action: 'R' };
}

const roleCoding = (code: string, display: string) => ({ coding: [{ system: DCM, code, display }] });
const SOURCE = roleCoding('110153', 'Source Role ID');
const DESTINATION = roleCoding('110152', 'Destination Role ID');
const RECIPIENT = {
  coding: [{ system: `${TERMINOLOGY}v3-ParticipationType`, code: 'IRCP', display: 'information recipient' }],
};
/** Network address of the app with the extension that says it is unknown, because the log doesn't store it. */
const UNKNOWN_ADDRESS = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
};

/**
 * Returns the participants of the event. In a query, the transferred data is the query itself (DICOM), so the app is
 * the source and the server is the destination.
 */
function toAgents(entry: AccessLogEntry, setting: AuditEventContext): readonly object[] {
  const asks = entry.kind === 'search';
  const server = {
    type: asks ? DESTINATION : SOURCE,
    who: serverReference(setting),
    requestor: false,
    network: { address: setting.fhirBase, type: '5' },
  };
  return [...toClientAgent(entry, setting, asks ? SOURCE : DESTINATION), server, ...toUserAgent(entry, setting)];
}

function toClientAgent(
  { clientId, app, accountId }: AccessLogEntry,
  { issuer }: AuditEventContext,
  type: object,
): readonly object[] {
  if (clientId === undefined) return [];
  const who = { identifier: { system: issuer, value: clientId }, ...displayMember(app) };
  return [{ type, who, requestor: accountId === undefined, network: UNKNOWN_ADDRESS }];
}

function toUserAgent({ accountId, person }: AccessLogEntry, { issuer }: AuditEventContext): readonly object[] {
  if (accountId === undefined) return [];
  const who = { identifier: { system: issuer, value: accountId }, ...displayMember(person) };
  return [{ type: RECIPIENT, who, ...(person === undefined ? {} : { name: person }), requestor: true }];
}

const serverReference = ({ issuer }: AuditEventContext) => ({ display: new URL(issuer).host });
const displayMember = (display: string | undefined) => (display === undefined ? {} : { display });

function toEntities(entry: AccessLogEntry, setting: AuditEventContext): readonly object[] {
  const patient = {
    // The Patient reference is absolute. A relative reference would refer to an entry of the Bundle (FHIR R4
    // §2.36.4.1), and the entries have no fullUrl here.
    what: { reference: `${setting.fhirBase}/Patient/${setting.patientId}`, type: 'Patient' },
    type: { system: `${TERMINOLOGY}audit-entity-type`, code: '1', display: 'Person' },
    role: { system: `${TERMINOLOGY}object-role`, code: '1', display: 'Patient' },
  };
  return [patient, ...toDataEntities(entry, setting), ...toRequestEntity(entry)];
}

const SYSTEM_OBJECT = { system: `${TERMINOLOGY}audit-entity-type`, code: '2', display: 'System Object' };

function toDataEntities(entry: AccessLogEntry, setting: AuditEventContext): readonly object[] {
  const { kind, type, detail } = entry;
  if (kind === 'record-view' || kind === 'export') return [];
  if (kind === 'search') return [toQueryEntity(entry)];
  const stored = type === undefined ? undefined : setting.storedType(type);
  const id = typeof detail['id'] === 'string' ? detail['id'] : undefined;
  const what =
    stored === undefined || id === undefined
      ? { display: stored ?? 'Not known' }
      : { reference: `${setting.fhirBase}/${stored}/${id}`, type: stored };
  const domain = { system: `${TERMINOLOGY}object-role`, code: '4', display: 'Domain Resource' };
  return [{ what, type: SYSTEM_OBJECT, role: domain }];
}

/**
 * Returns the entity that describes a search. It contains only the names of the search parameters. Their values are
 * health data and are never stored.
 */
function toQueryEntity({ type = 'Unknown', detail, resources }: AccessLogEntry): object {
  const names = Array.isArray(detail['parameters']) ? detail['parameters'].map(String) : [];
  const query = names.length === 0 ? type : `${type}?${names.map((name) => `${encodeURIComponent(name)}=`).join('&')}`;
  return {
    type: SYSTEM_OBJECT,
    role: { system: `${TERMINOLOGY}object-role`, code: '24', display: 'Query' },
    description: `GET ${query} (values are not stored), ${resources ?? 0} entries`,
    query: Buffer.from(query).toString('base64'),
  };
}

function toRequestEntity({ requestId }: AccessLogEntry): readonly object[] {
  if (requestId === undefined) return [];
  const type = { system: BALP_ENTITY, code: 'XrequestId', display: 'X-Request-Id' };
  return [{ what: { identifier: { value: requestId } }, type }];
}
