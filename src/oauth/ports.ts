import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Executor } from '../database/index.ts';
import type { AccessibleRecord, App, AppActivityLog, FhirApi, SecurityLabel, SessionUser } from '../domain/index.ts';
import type { AccountId, ClientId, GrantId, RecordId } from '../kernel/index.ts';

export interface OAuthClients {
  find(clientId: string): Promise<App | undefined>;
}

/** The part of the activity log of apps that the authorization server writes. */
export type ClientActivityLog = Pick<AppActivityLog, 'logError' | 'logToken' | 'countStep'>;

export interface SessionUsers {
  /** Returns the user who is signed in in the browser that sent the request. Undefined if no one is signed in. */
  current(request: FastifyRequest): Promise<SessionUser | undefined>;
  /** Returns the CSRF token for forms in the browser that sent the request. */
  csrf(request: FastifyRequest, reply: FastifyReply): string;
  /** Throws `form-expired` for a missing or wrong CSRF token. */
  requireCsrf(request: FastifyRequest, token: string | undefined): void;
}

export interface SelectableRecords {
  /** Lists the records that a patient or representative may share. Empty for staff. */
  listForAccount(accountId: AccountId): Promise<readonly AccessibleRecord[]>;
  /**
   * Finds patients of the staff member's practices whose name or birth date matches the search text. At most 50,
   * ordered by name.
   */
  searchForStaff(accountId: AccountId, searchText: string): Promise<readonly AccessibleRecord[]>;
  /**
   * Finds a patient of the staff member's practices by the key of the record, or by the Patient.id if only one of these
   * practices has it.
   */
  findForStaffByKey(accountId: AccountId, key: string): Promise<AccessibleRecord | undefined>;
  findForStaffById(accountId: AccountId, recordId: RecordId): Promise<AccessibleRecord | undefined>;
  /** Lists the practices where the staff member works. */
  listStaffPractices(accountId: AccountId): Promise<readonly Pick<AccessibleRecord, 'practiceName' | 'practiceKind'>[]>;
}

/** An encounter that an EHR launch can select. */
export interface LaunchEncounter {
  readonly id: string;
  /** Day, month or year in which it starts, such as `2026-11-02`. */
  readonly date: string | undefined;
  readonly kind: string | undefined;
  readonly state: 'planned' | 'in-progress' | 'finished' | 'unknown';
}

/** Entries of one resource type, or of some of its categories. */
export interface RecordEntryKind {
  /** Name under which the result lists the number. Kinds with the same name are added up. */
  readonly name: string;
  /** R4 name of a type of patient records. */
  readonly type: string;
  /** Values of `category` as `system|code`, one of which an entry must have. Empty for all entries of the type. */
  readonly categories: readonly string[];
}

export interface RecordEntryCounter {
  /**
   * Counts entries of a record. Entries with a withheld label, entries that were entered in error, and records that the
   * account may not open don't count. A name is missing if it has too many entries to count.
   * @param entries.max the largest number of interest; a larger one only means that there are more
   */
  countShareable(
    reader: { readonly accountId: AccountId; readonly recordId: RecordId },
    entries: {
      readonly kinds: readonly RecordEntryKind[];
      readonly withheld: readonly SecurityLabel[];
      readonly max: number;
    },
  ): Promise<ReadonlyMap<string, number>>;
}

/** Resource types that scopes can name. */
export interface ServedTypes {
  /** R4 names of the types that a wildcard scope such as `patient/*.rs` covers. */
  readonly names: readonly string[];
  /** The types that belong to a patient's record and not to a practice's directory. A subset of `names`. */
  readonly inRecord: readonly string[];
  /** Additional types that only `system/` scopes can name. Wildcards in other contexts don't cover them. */
  readonly ofSystem: readonly string[];
  /**
   * Maps names of types in other FHIR versions to their R4 names. For example, `MedicationOrder` maps to
   * `MedicationRequest`.
   */
  readonly aliases: Readonly<Record<string, string>>;
  /**
   * Returns the other kinds of data that a type name stands for. For example, a DSTU2 CarePlan may be a care team.
   * @param apis APIs in which the name is used; a kind counts only if the name stands for it in each of them
   * @returns scope names of the other kinds
   */
  alsoNamed(apis: readonly FhirApi[], type: string): readonly string[];
  /**
   * Whether at least one FHIR version can enforce a granular scope, which means that it supports all search parameters
   * of the scope and can parse all their values. SMART App Launch 2.2 §3.0.2.5
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
  /** Appends the event. When the promise resolves, the event is stored durably. */
  append(event: OAuthAuditEvent): Promise<void>;
  appendInTransaction(tx: Executor, event: OAuthAuditEvent): Promise<void>;
  /**
   * Resolves when the audit table has a partition for the current month. After that, the caller's own SQL statement can
   * append an event.
   */
  ready(): Promise<void>;
}
