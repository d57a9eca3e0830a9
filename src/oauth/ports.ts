import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api, DataUse, SecurityLabel } from '../access/index.ts';
import type { Executor } from '../database/index.ts';
import type { AccountId, ClientId, GrantId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';
import type { Frame, Language } from '../words/index.ts';

export type AppKind = 'patient' | 'staff' | 'backend';

/** A registered app, as far as the authorization server needs it. */
export interface Client {
  readonly clientId: ClientId;
  readonly name: string;
  /** Who uses the app: one patient, staff, or no person at all. */
  readonly kind: AppKind;
  readonly state: 'provisional' | 'active' | 'rejected' | 'suspended' | 'retired';
  /** Client authentication at the token endpoint. `none` means a public client. RFC 6749 §2.1, RFC 7523 §2.2 */
  readonly auth: 'none' | 'secret' | 'private_key_jwt';
  readonly apis: readonly Api[];
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

export interface Clients {
  find(clientId: string): Promise<Client | undefined>;
}

/** A rejected request, logged for the app's developer. It never contains a secret, a token or health data. */
export interface Refusal {
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
export interface Grant {
  readonly clientId: ClientId;
  readonly grantType: 'authorization_code' | 'refresh_token' | 'client_credentials';
  /** Authentication method that the app used. */
  readonly auth: Client['auth'];
  /** The granted scope. */
  readonly scope: string;
  readonly requestId: string;
  readonly milliseconds: number;
}

/** Steps of an authorization, counted per app without any reference to a person. */
export type FunnelStep = 'opened' | 'signed-in' | 'asked' | 'allowed' | 'denied' | 'exchanged';

/** Activity log of the apps. Its methods neither throw nor wait, because a failing log must not change a response. */
export interface AppLog {
  refused(request: Refusal): void;
  granted(grant: Grant): void;
  /** Counts one more authorization that reached this step. */
  reached(clientId: ClientId, step: FunnelStep): void;
}

/** The user who is signed in in this browser. */
export interface Visitor {
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

export interface Visitors {
  /** Returns the user who is signed in in this browser. */
  current(request: FastifyRequest): Promise<Visitor | undefined>;
  /** Returns the CSRF token for forms in this browser. */
  csrf(request: FastifyRequest, reply: FastifyReply): string;
  /** Throws `form-expired` for a missing or wrong CSRF token. */
  requireCsrf(request: FastifyRequest, token: string | undefined): void;
}

/** A record that a patient or representative may share, or that a staff member may open. */
export interface ShareableRecord {
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

export interface Records {
  /** Records that a patient or representative may share. Empty for staff. */
  ofAccount(accountId: AccountId): Promise<readonly ShareableRecord[]>;
  /**
   * Patients of the staff member's practices whose name or birth date matches the search text. At most 50, ordered by
   * name.
   */
  ofStaff(accountId: AccountId, searchText: string): Promise<readonly ShareableRecord[]>;
  /** Finds one of those records by its key. */
  ofStaffByKey(accountId: AccountId, key: string): Promise<ShareableRecord | undefined>;
  ofStaffById(accountId: AccountId, recordId: RecordId): Promise<ShareableRecord | undefined>;
  /** IANA time zone of a practice, for times shown to its patients. */
  timeZoneOf(practiceId: PracticeId): Promise<string>;
  /** Practices where the staff member works. */
  practicesOfStaff(accountId: AccountId): Promise<readonly Pick<ShareableRecord, 'practiceName' | 'practiceKind'>[]>;
  /** Encounters of a record, newest first, at most 50. */
  encounters(recordId: RecordId): Promise<readonly LaunchEncounter[]>;
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
  alsoNamed(apis: readonly Api[], type: string): readonly string[];
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
  record(event: OAuthAuditEvent): Promise<void>;
  recordWithin(tx: Executor, event: OAuthAuditEvent): Promise<void>;
  /**
   * Resolves when the partition for the current month exists, so that the caller's own SQL statement can append an
   * event.
   */
  ready(): Promise<void>;
}

/** A security label whose resources need separate permission, with its name for people. */
export interface SensitiveLabel extends SecurityLabel {
  readonly label: Readonly<Record<Language, string>>;
  /** The law that requires the permission. */
  readonly basis: Readonly<Record<Language, string>>;
}

export interface ConsentLine {
  /**
   * Value of the form field: a type (`Immunization`), a category of a type (`Condition:problem-list-item`), or a label
   * key.
   */
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly ticked: boolean;
  /** Granted together with any other item. The person can't uncheck it. */
  readonly locked: boolean;
  /** The previous consent page for this app did not have this item. */
  readonly isNew: boolean;
}

/**
 * Items under one heading: the categories of Condition or Observation or, if there are many items, those of one
 * subject.
 */
export interface ConsentGroup {
  readonly heading: string | undefined;
  /** Contains several categories of one type. A resource may belong to more than one of them. */
  readonly inParts: boolean;
  readonly lines: readonly ConsentLine[];
}

/** A duration that the person can choose for the app's access. */
export interface DurationChoice {
  readonly value: string;
  readonly label: string;
  readonly chosen: boolean;
}

/** Description of the app for the person who decides. */
export interface AskingApp {
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
export type Identity = 'details' | 'name' | undefined;

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
  readonly app: AskingApp;
  readonly personName: string;
  /** `staff`: a staff member opens the app and allows or denies it as a whole. */
  readonly asked: 'patient' | 'staff';
  /** Undefined when a staff member opens the app without a patient. */
  readonly record: ShareableRecord | undefined;
  /** IANA zone for displayed times. */
  readonly timeZone: string;
  /** The person chose this record among several. */
  readonly chosen: boolean;
  /** The page was displayed before, and the app or its request has changed since. */
  readonly changed: boolean;
  /** Digest of what this page offers. The form sends it back with the decision. */
  readonly offered: string;
  /** Set when the app has earlier access. The decision can then apply to that too. */
  readonly earlier: EarlierAccess | undefined;
  readonly groups: readonly ConsentGroup[];
  /** Items for labels that need separate permission. */
  readonly sensitive: readonly ConsentLine[];
  /** Types without an item are requested too. They tell who, where and from whom. */
  readonly supporting: boolean;
  /** Details about the person that the app learns regardless of the checked items. */
  readonly identity: Identity;
  /** For staff: the practices whose patients the requested `user/` scopes cover. */
  readonly practices: readonly string[];
  /** The checkbox for offline access with its initial state. Absent when it isn't offered. */
  readonly offline?: { readonly ticked: boolean; readonly days: number };
  /** How long access lasts if that box stays unchecked. */
  readonly term: AccessTerm;
  /** Empty when access is always shorter than the choices. */
  readonly durations: readonly DurationChoice[];
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
  readonly records: readonly ShareableRecord[];
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
export interface ReceiptMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly senderName: string;
  readonly replyTo?: string | undefined;
  /** About a fictional patient. It never leaves the server. */
  readonly sandbox: boolean;
}

/** Receipts need these functions of other modules. */
export interface Receipts {
  /** Returns the confirmed email address of the account. */
  emailOf(tx: Executor, accountId: AccountId): Promise<string | undefined>;
  /** Queues an email that is sent only if the transaction commits. */
  queueWithin(tx: Executor, mail: ReceiptMail): Promise<void>;
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
  readonly records: readonly ShareableRecord[];
  /** The list has the maximum length, so there may be more patients. */
  readonly cut: boolean;
}

export interface LaunchAppStep {
  readonly step: 'app';
  readonly record: ShareableRecord;
  readonly apps: readonly { readonly clientId: string; readonly name: string; readonly provisional: boolean }[];
  readonly encounters: readonly LaunchEncounter[];
  /** Values of the form: initial ones, or those submitted. */
  readonly choices: LaunchChoices;
  readonly fault?: LaunchFault;
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

export interface LaunchFault {
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
  consent(page: ConsentPage, frame: Frame): string;
  recordChoice(page: RecordChoicePage, frame: Frame): string;
  launch(page: LaunchPage, frame: Frame): string;
  noRecord(page: NoRecordPage, frame: Frame): string;
}
