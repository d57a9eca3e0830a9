import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DataUse, FhirApi, SecurityLabel } from '../access/index.ts';
import type { Executor } from '../database/index.ts';
import type { Language, PageContext } from '../i18n/index.ts';
import type { AccountId, ClientId, GrantId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';

export type OAuthClientKind = 'patient' | 'staff' | 'backend';

/** A registered app, as far as the authorization server needs it. */
export interface OAuthClient {
  readonly clientId: ClientId;
  readonly name: string;
  /** Who uses the app: one patient, staff, or no person at all. */
  readonly kind: OAuthClientKind;
  readonly state: 'provisional' | 'active' | 'rejected' | 'suspended' | 'retired';
  /** Client authentication at the token endpoint. `none` means a public client. RFC 6749 §2.1, RFC 7523 §2.2 */
  readonly auth: 'none' | 'secret' | 'private_key_jwt';
  readonly apis: readonly FhirApi[];
  readonly scope: string;
  readonly redirectUris: readonly string[];
  /** SHA-256 of each secret that is currently valid. */
  readonly secretHashes: readonly Uint8Array[];
  /** JSON Web Key Set (RFC 7517) for `private_key_jwt`, by value here or by URL in `jwksUri`. */
  readonly jwks: unknown;
  readonly jwksUri: string | undefined;
  readonly launchUri: string | undefined;
  /** For backend apps: the practices that `system/` scopes apply to. */
  readonly practiceIds: readonly PracticeId[];
  readonly requireAud: boolean;
  readonly secretInQuery: boolean;
  readonly idTokenAlg: 'RS256' | 'ES256';
  /** RFC 9449 §5.2: the app gets no token without a DPoP proof. */
  readonly dpopBound: boolean;
  /** The app is a resource server and may introspect the tokens of other apps. RFC 7662 §4 */
  readonly mayIntrospect: boolean;
  /** Developer as entered by the operator. Null when unknown. */
  readonly developer: string | null;
  /** When the operator verified the developer. */
  readonly verifiedAt: Date | null;
  /** The developer's answers about the use of health data. */
  readonly dataUse: DataUse;
  /** Informational metadata without effect. RFC 7591 §2 */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** SHA-256 of the registration access token (RFC 7592). Undefined for an app that an operator registered. */
  readonly registrationHash: Uint8Array | undefined;
  /** Changes with the logo. Undefined when the app has none. */
  readonly logoVersion?: string | undefined;
}

export interface OAuthClients {
  find(clientId: string): Promise<OAuthClient | undefined>;
}

/** A rejected request, logged for the app's developer. It never contains a secret, a token or health data. */
export interface RejectedClientRequest {
  readonly clientId: ClientId;
  readonly endpoint: 'authorize' | 'token' | 'revoke' | 'introspect' | 'par' | 'register';
  /** Error code that the client received. */
  readonly error: string;
  /** Description such as `redirect_uri differs at character 31`. */
  readonly cause: string;
  readonly requestId: string;
  /** HTTP status of the response. */
  readonly status: number;
  /**
   * The sender authenticated as the app or held a code or token issued to it. Anyone who knows a client_id can cause
   * the other entries.
   */
  readonly proved: boolean;
}

/** An issued token, logged for the app's developer. It contains no token, code or secret. */
export interface IssuedTokenEntry {
  readonly clientId: ClientId;
  readonly grantType: 'authorization_code' | 'refresh_token' | 'client_credentials';
  /** Authentication method that the app used. */
  readonly auth: OAuthClient['auth'];
  /** The granted scope. */
  readonly scope: string;
  readonly requestId: string;
  readonly milliseconds: number;
}

/** Steps of an authorization, counted per app without any reference to a person. */
export type AuthorizationStep = 'opened' | 'signed-in' | 'asked' | 'allowed' | 'denied' | 'exchanged';

/** Activity log of the apps. Its methods neither throw nor wait, because a failing log must not change a response. */
export interface ClientActivityLog {
  refused(request: RejectedClientRequest): void;
  granted(grant: IssuedTokenEntry): void;
  /** Counts one more authorization that reached this step. */
  reached(clientId: ClientId, step: AuthorizationStep): void;
}

/** The user who is signed in in this browser. */
export interface SessionUser {
  readonly accountId: AccountId;
  readonly sessionId: string;
  readonly displayName: string;
  readonly kind: 'patient' | 'staff' | 'developer';
  /** A shared sandbox account with public credentials. Each browser sees only what was allowed in it. */
  readonly published: boolean;
  /** SHA-256 of the cookie that identifies the browser. */
  readonly browser: Buffer | undefined;
  readonly signedInAt: Date;
}

export interface SessionUsers {
  /** Returns the user who is signed in in this browser. */
  current(request: FastifyRequest): Promise<SessionUser | undefined>;
  /** Returns the CSRF token for forms in this browser. */
  csrf(request: FastifyRequest, reply: FastifyReply): string;
  /** Throws `form-expired` for a missing or wrong CSRF token. */
  requireCsrf(request: FastifyRequest, token: string | undefined): void;
}

/** A record that a patient or representative may share, or that a staff member may open. */
export interface SelectableRecord {
  /** Identifies the record within an account. A patient id isn't enough, since two practices may use the same one. */
  readonly key: string;
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly practiceId: PracticeId;
  readonly personName: string;
  /** ISO 8601 date, by which staff tell patients apart. */
  readonly birthDate: string | null;
  readonly practiceName: string;
  readonly practiceKind: 'sandbox' | 'live';
  /** How the user relates to the patient. `staff`: the user works at the practice. */
  readonly relation: 'self' | 'representative' | 'staff';
}

/** An encounter that an EHR launch can select. */
export interface LaunchEncounter {
  readonly id: string;
  /** Date and kind of the encounter, for people. */
  readonly label: string;
}

export interface SelectableRecords {
  /** Records that a patient or representative may share. Empty for staff. */
  listForAccount(accountId: AccountId): Promise<readonly SelectableRecord[]>;
  /**
   * Patients of the staff member's practices whose name or birth date matches the search text. At most 50, ordered by
   * name.
   */
  searchForStaff(accountId: AccountId, searchText: string): Promise<readonly SelectableRecord[]>;
  /** Finds one of those records by its key. */
  findForStaffByKey(accountId: AccountId, key: string): Promise<SelectableRecord | undefined>;
  findForStaffById(accountId: AccountId, recordId: RecordId): Promise<SelectableRecord | undefined>;
  /** IANA time zone of a practice, for times shown to its patients. */
  getTimeZone(practiceId: PracticeId): Promise<string>;
  /** Practices where the staff member works. */
  listStaffPractices(accountId: AccountId): Promise<readonly Pick<SelectableRecord, 'practiceName' | 'practiceKind'>[]>;
  /** Encounters of a record, newest first, at most 50. */
  listEncounters(recordId: RecordId): Promise<readonly LaunchEncounter[]>;
}

/** Resource types that scopes can name. */
export interface ServedTypes {
  /** R4 names of the types that a wildcard covers. */
  readonly names: readonly string[];
  /** The subset that belongs to a patient's record and not to a practice's directory. */
  readonly inRecord: readonly string[];
  /** Additional types for `system/` scopes only. Wildcards in other contexts don't cover them. */
  readonly ofSystem: readonly string[];
  /** Names in other FHIR versions with their R4 name, such as MedicationOrder → MedicationRequest. */
  readonly aliases: Readonly<Record<string, string>>;
  /**
   * Other kinds of data that a type name also stands for in each of these APIs: a DSTU2 CarePlan may be a care team.
   * @returns scope names of those kinds. Empty if in at least one API the name stands for nothing else
   */
  alsoNamed(apis: readonly FhirApi[], type: string): readonly string[];
  /**
   * Whether at least one FHIR version can enforce a granular scope: it supports all its parameters and can parse all
   * their values. SMART App Launch 2.2 §3.0.2.5
   * @param type name of a type in any version
   * @param query text after the `?` of the scope
   */
  enforces(type: string, query: string): boolean;
}

export interface OAuthAuditEvent {
  readonly kind: 'consent' | 'token' | 'revocation' | 'launch' | 'registration';
  readonly outcome: 'success' | 'failure';
  readonly requestId: string;
  readonly recordId?: RecordId | undefined;
  readonly accountId?: AccountId | undefined;
  readonly clientId?: ClientId | undefined;
  readonly grantId?: GrantId | undefined;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface OAuthAudit {
  /** The event is durable when this resolves. */
  append(event: OAuthAuditEvent): Promise<void>;
  appendInTransaction(tx: Executor, event: OAuthAuditEvent): Promise<void>;
  /**
   * Resolves when the partition for the current month exists, so that the caller's own SQL statement can append an
   * event.
   */
  ready(): Promise<void>;
}

/** A security label whose resources need separate permission, with its name for people. */
export interface SensitiveLabelText extends SecurityLabel {
  readonly label: Readonly<Record<Language, string>>;
  /** The law that requires the permission. */
  readonly basis: Readonly<Record<Language, string>>;
}

export interface ConsentItem {
  /**
   * Value of the form field: a type (`Immunization`), a category of a type (`Condition:problem-list-item`), or a label
   * key.
   */
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly checked: boolean;
  /** Granted together with any other item. The person can't uncheck it. */
  readonly required: boolean;
  /** The previous consent page for this app did not have this item. */
  readonly isNew: boolean;
}

/**
 * Items under one heading: the categories of Condition or Observation or, if there are many items, those of one
 * subject.
 */
export interface ConsentItemGroup {
  readonly heading: string | undefined;
  /** Contains several categories of one type. A resource may belong to more than one of them. */
  readonly hasCategories: boolean;
  readonly items: readonly ConsentItem[];
}

/** A duration that the person can choose for the app's access. */
export interface ConsentDurationOption {
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
}

/** Description of the app for the person who decides. */
export interface RequestingApp {
  readonly name: string;
  /** Null when unknown. */
  readonly developer: string | null;
  readonly verifiedAt: Date | null;
  /** The app registered itself, so it chose its own name. */
  readonly selfRegistered: boolean;
  /** Not approved yet, so it can reach sandbox records only. */
  readonly provisional: boolean;
  /** Destination of redirect and data: the host of the redirect URI, or the custom scheme of the app. */
  readonly address: string;
  /** `address` is on the person's own device. */
  readonly onDevice: boolean;
  /** Privacy policy of the app. https only, except on loopback hosts. */
  readonly policy: { readonly href: string; readonly host: string } | undefined;
  readonly dataUse: DataUse;
  /** Path of the logo. */
  readonly logo?: string | undefined;
}

/**
 * Details that an app learns about the signed-in person apart from the items on the page: all of them or only the name.
 * Undefined for nothing.
 */
export type IdentityDisclosure = 'details' | 'name' | undefined;

/** Access that the app still has from earlier decisions. */
export interface EarlierAccess {
  readonly since: Date;
  readonly kinds: readonly string[];
  /** Undefined when there is no end date. */
  readonly ends: Date | undefined;
}

/**
 * How long access lasts without an earlier end. `rolling`: until it is ended, provided that the app refreshes within
 * this many days. `session`: until the person signs out, or at most this long. `hour`: as long as one access token.
 */
export type AccessTerm =
  | { readonly kind: 'rolling'; readonly days: number }
  | { readonly kind: 'session' | 'hour'; readonly seconds: number };

export interface ConsentPage {
  readonly app: RequestingApp;
  readonly personName: string;
  /** `staff`: a staff member opens the app and allows or denies it as a whole. */
  readonly userKind: 'patient' | 'staff';
  /** Undefined when a staff member opens the app without a patient. */
  readonly record: SelectableRecord | undefined;
  /** IANA zone for displayed times. */
  readonly timeZone: string;
  /** The person chose this record among several. */
  readonly wasChosen: boolean;
  /** The page was displayed before, and the app or its request has changed since. */
  readonly changed: boolean;
  /** Digest of what this page offers. The form sends it back with the decision. */
  readonly offerDigest: string;
  /** Set when the app has earlier access. The decision can then apply to that too. */
  readonly earlierAccess: EarlierAccess | undefined;
  readonly groups: readonly ConsentItemGroup[];
  /** Items for labels that need separate permission. */
  readonly sensitive: readonly ConsentItem[];
  /** Types without an item are requested too. They tell who, where and from whom. */
  readonly includesSupporting: boolean;
  /** Details about the person that the app learns regardless of the checked items. */
  readonly identity: IdentityDisclosure;
  /** For staff: the practices whose patients the requested `user/` scopes cover. */
  readonly practices: readonly string[];
  /** The checkbox for offline access with its initial state. Absent when it isn't offered. */
  readonly offline?: { readonly ticked: boolean; readonly days: number };
  /** How long access lasts if that box stays unchecked. */
  readonly term: AccessTerm;
  /** Empty when access is always shorter than the choices. */
  readonly durations: readonly ConsentDurationOption[];
  readonly csrf: string;
  /** The original authorization request, form-encoded. The form sends it back. */
  readonly request: string;
  readonly decisionPath: string;
  readonly switchAccountPath: string;
  /** Page where the person can end the access later. */
  readonly accountPath: string;
}

/** The patient picker. */
export interface RecordChoicePage {
  readonly appName: string;
  readonly personName: string;
  readonly records: readonly SelectableRecord[];
  /** For staff, who search among many patients: the current search text. */
  readonly search?: { readonly words: string };
  readonly fault?: string;
  readonly csrf: string;
  readonly request: string;
  /** The form posts `record` (a key) here, or `words` with `find=yes` to search. */
  readonly choicePath: string;
  readonly switchAccountPath: string;
}

/** An email with a consent receipt. */
export interface ReceiptEmail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly senderName: string;
  readonly replyTo?: string | undefined;
  /** About a fictional patient. It never leaves the server. */
  readonly sandbox: boolean;
}

/** Receipts need these functions of other modules. */
export interface ReceiptPorts {
  /** Returns the confirmed email address of the account. */
  getEmail(tx: Executor, accountId: AccountId): Promise<string | undefined>;
  /** Queues an email that is sent only if the transaction commits. */
  queueWithin(tx: Executor, mail: ReceiptEmail): Promise<void>;
}

/**
 * The EHR launcher: staff pick a patient, then an app and its launch context. `refused` is the page for a user who
 * isn't staff.
 */
export type LaunchPage = {
  readonly personName: string;
  readonly csrf: string;
  readonly path: string;
  readonly switchAccountPath: string;
} & (LaunchPatientStep | LaunchAppStep | { readonly step: 'refused' });

export interface LaunchPatientStep {
  readonly step: 'patient';
  readonly words: string;
  readonly records: readonly SelectableRecord[];
  /** The list has the maximum length, so there may be more patients. */
  readonly isTruncated: boolean;
}

export interface LaunchAppStep {
  readonly step: 'app';
  readonly record: SelectableRecord;
  readonly apps: readonly { readonly clientId: string; readonly name: string; readonly provisional: boolean }[];
  readonly encounters: readonly LaunchEncounter[];
  /** Values of the form: initial ones, or those submitted. */
  readonly choices: LaunchChoices;
  readonly fault?: LaunchFormError;
}

/** Form fields under their own names, except `banner`, which is the field `need_patient_banner`. */
export interface LaunchChoices {
  /** client_id */
  readonly app: string;
  readonly encounter: string;
  readonly intent: string;
  /** A reference to one resource, `Type/id`. */
  readonly focus: string;
  /** Whether the app should display a patient banner. */
  readonly banner: boolean;
}

export interface LaunchFormError {
  readonly field: Exclude<keyof LaunchChoices, 'banner'>;
  readonly message: string;
}

/** Page for a developer, whose account has no records to share. */
export interface NoRecordPage {
  readonly appName: string;
  readonly personName: string;
  readonly switchAccountPath: string;
}

export interface OAuthPages {
  consent(page: ConsentPage, frame: PageContext): string;
  recordChoice(page: RecordChoicePage, frame: PageContext): string;
  launch(page: LaunchPage, frame: PageContext): string;
  noRecord(page: NoRecordPage, frame: PageContext): string;
}
