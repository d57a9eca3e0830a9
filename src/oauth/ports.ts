import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api, DataUse, SecurityLabel } from '../access/index.ts';
import type { Executor } from '../database/index.ts';
import type { AccountId, ClientId, GrantId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';
import type { Frame, Language } from '../words/index.ts';

export type AppKind = 'patient' | 'staff' | 'backend';

/** An app as the authorization server needs it. */
export interface Client {
  readonly clientId: ClientId;
  readonly name: string;
  /** For whom it is: one patient, staff, or nobody at all. */
  readonly kind: AppKind;
  readonly state: 'provisional' | 'active' | 'rejected' | 'suspended' | 'retired';
  /** How it proves who it is at the token endpoint; `none`: it is public. RFC 6749 §2.1, RFC 7523 §2.2 */
  readonly auth: 'none' | 'secret' | 'private_key_jwt';
  readonly apis: readonly Api[];
  readonly scope: string;
  readonly redirectUris: readonly string[];
  /** SHA-256 of each secret that is good now. */
  readonly secretHashes: readonly Uint8Array[];
  /** RFC 7517, by value or by address; for `private_key_jwt`. */
  readonly jwks: unknown;
  readonly jwksUri: string | undefined;
  readonly launchUri: string | undefined;
  /** Backend apps: the practices whose data `system/` is. */
  readonly practiceIds: readonly PracticeId[];
  readonly requireAud: boolean;
  readonly secretInQuery: boolean;
  readonly idTokenAlg: 'RS256' | 'ES256';
  /** RFC 9449 §5.2: gets no token without a proof. */
  readonly dpopBound: boolean;
  /** A resource server: may ask about the tokens of other apps. RFC 7662 §4 */
  readonly mayIntrospect: boolean;
  /** Who makes it, as the operator entered it, … */
  readonly developer: string | null;
  /** … and when the operator made sure of that. */
  readonly verifiedAt: Date | null;
  /** Its answers on what it does with data. */
  readonly dataUse: DataUse;
  /** RFC 7591 §2: what it says about itself that decides nothing. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** SHA-256 of its registration access token (RFC 7592); undefined: an operator registered it. */
  readonly registrationHash: Uint8Array | undefined;
  /** Changes with its picture; undefined: it has none. */
  readonly logoVersion?: string | undefined;
}

export interface Clients {
  find(clientId: string): Promise<Client | undefined>;
}

/** Why an app was refused, kept for its developer. Never a secret, a token or health data. */
export interface Refusal {
  readonly clientId: ClientId;
  readonly endpoint: 'authorize' | 'token' | 'revoke' | 'introspect' | 'par' | 'register';
  /** Code as the client was told. */
  readonly error: string;
  /** In words: `redirect_uri differs at character 31`. */
  readonly cause: string;
  readonly requestId: string;
  /** That it was answered with. */
  readonly status: number;
  /** Whoever asked showed that it is the app, or held what the app was given. Anybody who knows a client_id causes the rest. */
  readonly proved: boolean;
}

/** A token that an app got. Nothing of it is a token, a code or a secret. */
export interface Grant {
  readonly clientId: ClientId;
  readonly grantType: 'authorization_code' | 'refresh_token' | 'client_credentials';
  /** How the app showed who it is. */
  readonly auth: Client['auth'];
  /** As it was granted. */
  readonly scope: string;
  readonly requestId: string;
  readonly milliseconds: number;
}

/** How far the authorizations of an app come: counted, never with a person. */
export type FunnelStep = 'opened' | 'signed-in' | 'asked' | 'allowed' | 'denied' | 'exchanged';

/** None of it ever throws or waits: a log that fails must not change an answer. */
export interface AppLog {
  refused(refusal: Refusal): void;
  granted(grant: Grant): void;
  /** One more came this far. */
  reached(clientId: ClientId, step: FunnelStep): void;
}

/** The person at the browser. */
export interface Visitor {
  readonly accountId: AccountId;
  readonly sessionId: string;
  readonly displayName: string;
  readonly kind: 'patient' | 'staff' | 'developer';
  /** Sandbox credentials that everyone knows: each browser sees what was allowed in it, and no more. */
  readonly published: boolean;
  /** SHA-256 of what tells the browser apart. */
  readonly browser: Buffer | undefined;
  readonly signedInAt: Date;
}

export interface Visitors {
  /** Who is signed in in this browser. */
  current(request: FastifyRequest): Promise<Visitor | undefined>;
  /** The token that this browser's forms carry. */
  csrf(request: FastifyRequest, reply: FastifyReply): string;
  /** Throws `form-expired`. */
  requireCsrf(request: FastifyRequest, token: string | undefined): void;
}

/** A record that an account may share, or that a member of staff may open. */
export interface ShareableRecord {
  /** Tells the records of an account apart: two practices may know a person by one patient id. */
  readonly key: string;
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly practiceId: PracticeId;
  readonly personName: string;
  /** ISO 8601 date; staff need it to tell people apart. */
  readonly birthDate: string | null;
  readonly practiceName: string;
  readonly practiceKind: 'sandbox' | 'live';
  /** `staff`: of a patient of theirs. */
  readonly relation: 'self' | 'representative' | 'staff';
}

/** A visit that a launch may be about. */
export interface LaunchEncounter {
  readonly id: string;
  /** For people: date and kind. */
  readonly label: string;
}

export interface Records {
  /** What a patient or representative may share; empty for staff. */
  ofAccount(accountId: AccountId): Promise<readonly ShareableRecord[]>;
  /** Patients of the practices where this member of staff works whose name or birth date has these words; at most 50, by name. */
  ofStaff(accountId: AccountId, words: string): Promise<readonly ShareableRecord[]>;
  /** The one with this key among those. */
  ofStaffByKey(accountId: AccountId, key: string): Promise<ShareableRecord | undefined>;
  ofStaffById(accountId: AccountId, recordId: RecordId): Promise<ShareableRecord | undefined>;
  /** IANA zone of a practice: how times are told to its patients. */
  timeZoneOf(practiceId: PracticeId): Promise<string>;
  /** Names of the practices where this member of staff works. */
  practicesOfStaff(accountId: AccountId): Promise<readonly Pick<ShareableRecord, 'practiceName' | 'practiceKind'>[]>;
  /** Visits of a record, the newest first, at most 50. */
  encounters(recordId: RecordId): Promise<readonly LaunchEncounter[]>;
}

/** The resource types that scopes can name. */
export interface ServedTypes {
  /** Their R4 names: what a wildcard stands for. */
  readonly names: readonly string[];
  /** Of these the ones that are in a patient's record, and not in a practice's directory. */
  readonly inRecord: readonly string[];
  /** What is served to `system/` scopes alone, beside these: a wildcard of no other context stands for it. */
  readonly ofSystem: readonly string[];
  /** Names that another version of FHIR has for them: MedicationOrder → MedicationRequest. */
  readonly aliases: Readonly<Record<string, string>>;
  /**
   * What else a name of a type is in each of these APIs: a CarePlan of DSTU2 may be a care team.
   * @returns names that scopes have for it; none: nothing, in one of the APIs at least
   */
  alsoNamed(apis: readonly Api[], type: string): readonly string[];
  /**
   * Whether some version of FHIR can hold a granular scope against data: it has each of the parameters, and can read each
   * of the values. SMART App Launch 2.2 §3.0.2.5
   * @param type a name of a type, in any version
   * @param query what stands after the `?` of the scope
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
  /** Durable when it resolves. */
  record(event: OAuthAuditEvent): Promise<void>;
  recordWithin(tx: Executor, event: OAuthAuditEvent): Promise<void>;
  /** Resolves once a statement of the caller's own can append an event of this moment. */
  ready(): Promise<void>;
}

/** A label of `meta.security` whose entries need a permission of their own, in words. */
export interface SensitiveLabel extends SecurityLabel {
  readonly label: Readonly<Record<Language, string>>;
  /** The law that asks for it. */
  readonly basis: Readonly<Record<Language, string>>;
}

export interface ConsentLine {
  /** Value of its form field: `Immunization`, `Condition:problem-list-item` for a category of a type, or a label's key. */
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly ticked: boolean;
  /** Goes along if anything does: can't be unticked. */
  readonly locked: boolean;
  /** There was a page before, and this was not on it. */
  readonly isNew: boolean;
}

/** Lines that belong together: the categories of Condition or Observation; where there are many, all of one theme. */
export interface ConsentGroup {
  readonly heading: string | undefined;
  /** Some are parts of one type: an entry may be of several. */
  readonly inParts: boolean;
  readonly lines: readonly ConsentLine[];
}

/** How long the person may let the app go on. */
export interface DurationChoice {
  readonly value: string;
  readonly label: string;
  readonly chosen: boolean;
}

/** An app as a person judges it. */
export interface AskingApp {
  readonly name: string;
  /** null: nobody said. */
  readonly developer: string | null;
  readonly verifiedAt: Date | null;
  /** It registered itself: its name is its own choice. */
  readonly selfRegistered: boolean;
  /** Not yet approved: reaches sandbox records only. */
  readonly provisional: boolean;
  /** Where the person and the data go: host of the redirect URI, or the app's own scheme. */
  readonly address: string;
  /** That is on the person's own device. */
  readonly onDevice: boolean;
  /** Its privacy policy, https alone. */
  readonly policy: { readonly href: string; readonly host: string } | undefined;
  readonly dataUse: DataUse;
  /** Path of its picture. */
  readonly logo?: string | undefined;
}

/** Of who signed in: all that is known of them, or their name; undefined: nothing that has no line. */
export type Identity = 'details' | 'name' | undefined;

/** What the app was allowed before and may still do. */
export interface EarlierAccess {
  readonly since: Date;
  readonly kinds: readonly string[];
  /** undefined: until it is stopped. */
  readonly ends: Date | undefined;
}

/**
 * How long an app's access lasts by itself. `rolling`: until it is stopped, if the app comes back within these days;
 * `session`: until the person signs out, or for this long; `hour`: as long as one access token.
 */
export type AccessTerm =
  | { readonly kind: 'rolling'; readonly days: number }
  | { readonly kind: 'session' | 'hour'; readonly seconds: number };

export interface ConsentPage {
  readonly app: AskingApp;
  readonly personName: string;
  /** `staff`: an app opened by a member of staff, who allows or denies as a whole. */
  readonly asked: 'patient' | 'staff';
  /** Whose record; undefined: a member of staff opens the app without a patient. */
  readonly record: ShareableRecord | undefined;
  /** IANA zone that times are told in. */
  readonly timeZone: string;
  /** Whether there were others to choose from. */
  readonly chosen: boolean;
  /** The page was shown before, and the app has changed what it asks for. */
  readonly changed: boolean;
  /** What is asked for, as this page shows it: comes back with the decision. */
  readonly offered: string;
  /** The app has access that was given earlier: the choice may be made to hold for that too. */
  readonly earlier: EarlierAccess | undefined;
  readonly groups: readonly ConsentGroup[];
  /** What needs a permission of its own. */
  readonly sensitive: readonly ConsentLine[];
  /** Types without a line of their own are asked for too: who, where, from whom. */
  readonly supporting: boolean;
  /** What the app learns of the person, whatever they tick. */
  readonly identity: Identity;
  /** Staff: `user/` scopes are asked for, all patients of these practices. */
  readonly practices: readonly string[];
  /** Whether the app may keep access while the person is away, and how the box starts; absent: not offered. */
  readonly offline?: { readonly ticked: boolean; readonly days: number };
  /** How long access lasts unless that box is checked. */
  readonly term: AccessTerm;
  /** Empty: not offered, because access is always shorter. */
  readonly durations: readonly DurationChoice[];
  readonly csrf: string;
  /** The authorization request as it came, to be sent back with the decision. */
  readonly request: string;
  readonly decisionPath: string;
  readonly switchAccountPath: string;
  /** Where the person stops it later. */
  readonly accountPath: string;
}

/** Which of several records. */
export interface RecordChoicePage {
  readonly appName: string;
  readonly personName: string;
  readonly records: readonly ShareableRecord[];
  /** Staff look for a patient among many: the words they looked for. */
  readonly search?: { readonly words: string };
  readonly fault?: string;
  readonly csrf: string;
  readonly request: string;
  /** Takes `record` (a key), or `words` with `find=yes`. */
  readonly choicePath: string;
  readonly switchAccountPath: string;
}

/** A mail about what a person agreed to. */
export interface ReceiptMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly senderName: string;
  readonly replyTo?: string | undefined;
  /** About a made-up patient: it never leaves the server. */
  readonly sandbox: boolean;
}

/** What a receipt needs of others. */
export interface Receipts {
  /** The address that the person has answered from. */
  emailOf(tx: Executor, accountId: AccountId): Promise<string | undefined>;
  /** It goes out if, and only if, the transaction is committed. */
  queueWithin(tx: Executor, mail: ReceiptMail): Promise<void>;
}

/** Staff pick a patient, then an app and what the app is told. `refused`: a patient came here. */
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
  /** There may be others: these are as many as are shown. */
  readonly cut: boolean;
}

export interface LaunchAppStep {
  readonly step: 'app';
  readonly record: ShareableRecord;
  readonly apps: readonly { readonly clientId: string; readonly name: string; readonly provisional: boolean }[];
  readonly encounters: readonly LaunchEncounter[];
  /** As the form is to be shown: at first, or as it came. */
  readonly choices: LaunchChoices;
  readonly fault?: LaunchFault;
}

/** The fields of the form: each has its name, but `banner`, which is `need_patient_banner`. */
export interface LaunchChoices {
  /** client_id */
  readonly app: string;
  readonly encounter: string;
  readonly intent: string;
  /** One resource: `Type/id`. */
  readonly focus: string;
  /** Whether the app is to show whose record it is. */
  readonly banner: boolean;
}

export interface LaunchFault {
  readonly field: Exclude<keyof LaunchChoices, 'banner'>;
  readonly message: string;
}

/** To a developer of apps, whose account has no record that could be shared. */
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
