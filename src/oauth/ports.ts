import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../access/index.ts';
import type { Executor } from '../database/index.ts';
import type { AccountId, ClientId, GrantId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';

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
  /** SHA-256 of its registration access token (RFC 7592); undefined: an operator registered it. */
  readonly registrationHash: Uint8Array | undefined;
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
}

export interface AppLog {
  /** Never throws and never waits: a log that fails must not change an answer. */
  refused(refusal: Refusal): void;
}

/** The person at the browser. */
export interface Visitor {
  readonly accountId: AccountId;
  readonly sessionId: string;
  readonly displayName: string;
  readonly kind: 'patient' | 'staff';
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
  /** Names of the practices where this member of staff works. */
  practicesOfStaff(accountId: AccountId): Promise<readonly Pick<ShareableRecord, 'practiceName' | 'practiceKind'>[]>;
  /** Visits of a record, the newest first, at most 50. */
  encounters(recordId: RecordId): Promise<readonly LaunchEncounter[]>;
}

/** The resource types that scopes can name. */
export interface ServedTypes {
  /** Their R4 names: what a wildcard stands for. */
  readonly names: readonly string[];
  /** Names that another version of FHIR has for them: MedicationOrder → MedicationRequest. */
  readonly aliases: Readonly<Record<string, string>>;
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
}

export interface ConsentLine {
  /** Value of its form field: `Immunization`, or `Condition:problem-list-item` for a category of a type. */
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly ticked: boolean;
  /** Goes along if anything does: can't be unticked. */
  readonly locked: boolean;
}

/** Lines that belong together: the categories of Condition or Observation under one heading; others stand alone. */
export interface ConsentGroup {
  readonly heading: string | undefined;
  readonly lines: readonly ConsentLine[];
}

/** How long the person may let the app go on; the first is the default. */
export interface DurationChoice {
  readonly value: string;
  readonly label: string;
}

export interface ConsentPage {
  readonly appName: string;
  /** Where the person and the data go: host of the redirect URI, or the app's own scheme. */
  readonly appAddress: string;
  /** Not yet approved: reaches sandbox records only. */
  readonly provisional: boolean;
  readonly personName: string;
  /** `staff`: an app opened by a member of staff, who allows or denies as a whole. */
  readonly asked: 'patient' | 'staff';
  /** Whose record; undefined: a member of staff opens the app without a patient. */
  readonly record: ShareableRecord | undefined;
  /** Whether there were others to choose from. */
  readonly chosen: boolean;
  /** The page was shown before, and the app has changed what it asks for. */
  readonly changed: boolean;
  /** What is asked for, as this page shows it: comes back with the decision. */
  readonly offered: string;
  /** The app has access that was given earlier: the choice may be made to hold for that too. */
  readonly hasAccess: boolean;
  readonly groups: readonly ConsentGroup[];
  /** Types without a line of their own are asked for too: who, where, from whom. */
  readonly supporting: boolean;
  /** Staff: `user/` scopes are asked for, all patients of these practices. */
  readonly practices: readonly string[];
  /** Whether the app may keep access while the person is away, and how the box starts; absent: not offered. */
  readonly offline?: { readonly ticked: boolean; readonly days: number };
  /** Empty: not offered. */
  readonly durations: readonly DurationChoice[];
  readonly csrf: string;
  /** The authorization request as it came, to be sent back with the decision. */
  readonly request: string;
  readonly decisionPath: string;
  readonly switchAccountPath: string;
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

export interface OAuthPages {
  consent(page: ConsentPage): string;
  recordChoice(page: RecordChoicePage): string;
  launch(page: LaunchPage): string;
}
