import type { AccessGrant } from '../access/index.ts';
import type { Executor } from '../database/index.ts';
import type { AppActivityLog, BackendAccess, FindStatement } from '../domain/index.ts';
import type { AccountId, ClientId, GrantId, PracticeId, Problem, RecordId } from '../kernel/index.ts';

/**
 * An entry of the audit log about one response of a FHIR API, or about a denied request whose token was valid. The
 * entry contains names and counts, never a searched value.
 */
export interface Disclosure {
  readonly kind: 'read' | 'search' | 'document' | 'export';
  readonly outcome: 'success' | 'failure';
  readonly requestId: string;
  /**
   * The patient record whose data the response contains. If the response contains no such data, this is the record of
   * the grant. Undefined if no record is involved, or several.
   */
  readonly recordId: RecordId | undefined;
  /** Number of resources by patient record, if the response contains data of several. */
  readonly records?: ReadonlyMap<RecordId, number> | undefined;
  /** The practice of `records`; undefined if they may belong to several. */
  readonly practiceId?: PracticeId | undefined;
  /** Account of the user. Undefined for a backend app, which acts for no user. */
  readonly accountId: AccountId | undefined;
  readonly clientId: ClientId;
  readonly grantId: GrantId;
  readonly familyId: string;
  /**
   * Resource type, by its name in the requested FHIR version. Undefined if the version doesn't define the requested
   * type.
   */
  readonly type: string | undefined;
  /** Number of resources in the response that belong to the patient records. */
  readonly resources: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Audit log of disclosures. A response leaves the server only after `record` resolves, so every disclosure is durably
 * recorded first.
 */
export interface DisclosureLog {
  append(event: Disclosure): Promise<void>;
}

/** Audit log that records a disclosure in the statement that finds the resources. */
export interface FindDisclosureLog {
  /** Whether disclosures come one at a time, so that `findAndAppend` is the faster way to record one. */
  isQuiet(): boolean;
  /**
   * Runs a statement and records what it discloses.
   * @param within milliseconds. If the statement finds its rows later, nothing is recorded
   */
  findAndAppend<Row>(
    db: Executor,
    statement: FindStatement,
    event: Disclosure,
    within: number,
  ): Promise<{ readonly rows: Row[]; readonly isAppended: boolean }>;
}

/**
 * Audit log of disclosures by export files. All disclosures of an export are written in one transaction, before the first
 * file can be downloaded.
 */
export interface ExportDisclosureLog {
  /** Appends all disclosures in the caller's transaction, so they are recorded when it commits. */
  appendAllInTransaction(tx: Executor, events: readonly Disclosure[]): Promise<void>;
}

/** A Bundle as a backend app submitted it. */
export interface SubmittedBundle {
  /** The request body as text, not yet parsed. */
  readonly text: string;
  /**
   * Grant of the backend app. The caller has checked that it allows writing at least one resource type. The receiver
   * must still authorize each entry of the Bundle by its type and interaction.
   */
  readonly grant: AccessGrant;
  /** The practice whose patient records and directory the Bundle changes. */
  readonly practiceId: PracticeId;
  readonly requestId: string;
}

/** A response Bundle or an OperationOutcome, as JSON text. */
export interface BundleResponse {
  readonly status: number;
  readonly body: string;
}

/**
 * Accepts Bundles from backend apps. Both methods resolve only after the writes and rejections are in the audit log.
 */
export interface BundleReceiver {
  receive(sent: SubmittedBundle): Promise<BundleResponse>;
  /** Records in the audit log that a request with a valid token was denied because the token doesn't allow writing. */
  recordRejection(grant: AccessGrant, requestId: string, problem: Problem): Promise<void>;
}

/**
 * Looks up what a backend app may do now. Its access may be reduced while an export runs.
 */
export interface BackendGrantLookup {
  /** Returns the part of a grant that is still in force. Undefined if the app has lost all of it. */
  currentGrant(access: BackendAccess): Promise<AccessGrant | undefined>;
}

/** The entries of apps' activity logs that the FHIR API writes. */
export type AppRequestLog = Pick<AppActivityLog, 'logResponse'>;
