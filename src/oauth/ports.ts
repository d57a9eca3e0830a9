import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Executor } from '../database/index.ts';
import type { AccessibleRecord, App, AppActivityLog, FhirApi, SessionUser } from '../domain/index.ts';
import type { AccountId, ClientId, GrantId, PracticeId, RecordId } from '../kernel/index.ts';

export interface OAuthClients {
  find(clientId: string): Promise<App | undefined>;
}

/** The part of the activity log of apps that the authorization server writes. */
export type ClientActivityLog = Pick<AppActivityLog, 'logError' | 'logToken' | 'countStep'>;

export interface SessionUsers {
  /** Returns the user who is signed in in this browser. */
  current(request: FastifyRequest): Promise<SessionUser | undefined>;
  /** Returns the CSRF token for forms in this browser. */
  csrf(request: FastifyRequest, reply: FastifyReply): string;
  /** Throws `form-expired` for a missing or wrong CSRF token. */
  requireCsrf(request: FastifyRequest, token: string | undefined): void;
}

/** An encounter that an EHR launch can select. */
export interface LaunchEncounter {
  readonly id: string;
  /** Date and kind of the encounter, for people. */
  readonly label: string;
}

export interface SelectableRecords {
  /** Records that a patient or representative may share. Empty for staff. */
  listForAccount(accountId: AccountId): Promise<readonly AccessibleRecord[]>;
  /**
   * Patients of the staff member's practices whose name or birth date matches the search text. At most 50, ordered by
   * name.
   */
  searchForStaff(accountId: AccountId, searchText: string): Promise<readonly AccessibleRecord[]>;
  /** Finds one of those records by its key. */
  findForStaffByKey(accountId: AccountId, key: string): Promise<AccessibleRecord | undefined>;
  findForStaffById(accountId: AccountId, recordId: RecordId): Promise<AccessibleRecord | undefined>;
  /** IANA time zone of a practice, for times shown to its patients. */
  getTimeZone(practiceId: PracticeId): Promise<string>;
  /** Practices where the staff member works. */
  listStaffPractices(accountId: AccountId): Promise<readonly Pick<AccessibleRecord, 'practiceName' | 'practiceKind'>[]>;
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
