import type { AccessGrant } from '../access/index.ts';
import type { Executor } from '../database/index.ts';
import type { AppActivityLog, BackendAccess } from '../domain/index.ts';
import type { AccountId, ClientId, GrantId, PracticeId, Problem, RecordId } from '../kernel/index.ts';

/**
 * One response of a FHIR API, or a request with a valid token that was denied. It holds names and counts, never a
 * searched value.
 */
export interface Disclosure {
  readonly kind: 'read' | 'search' | 'document' | 'export';
  readonly outcome: 'success' | 'failure';
  readonly requestId: string;
  /**
   * The record that was disclosed. A response with resources of several records is one disclosure for each; undefined
   * if it is about no patient.
   */
  readonly recordId: RecordId | undefined;
  /** undefined for a backend app, which acts for no account. */
  readonly accountId: AccountId | undefined;
  readonly clientId: ClientId;
  readonly grantId: GrantId;
  readonly familyId: string;
  /** The type name in the requested version; undefined if the version does not define it. */
  readonly type: string | undefined;
  /** Number of resources of the record in the response. */
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

/**
 * Audit log of disclosures by export files. All records of an export are written in one transaction, before the first
 * file can be downloaded.
 */
export interface ExportDisclosureLog {
  /** Committed with the caller's transaction. */
  appendAllInTransaction(tx: Executor, events: readonly Disclosure[]): Promise<void>;
}

/** A Bundle as a backend app submitted it. */
export interface SubmittedBundle {
  /** The request body, not yet parsed. */
  readonly text: string;
  /** Allows the app to write something. Each entry is authorized separately by type and interaction. */
  readonly grant: AccessGrant;
  /** The practice whose records are written. */
  readonly practiceId: PracticeId;
  readonly requestId: string;
}

/** A response Bundle or an OperationOutcome, as JSON text. */
export interface BundleResponse {
  readonly status: number;
  readonly body: string;
}

/** Accepts Bundles from backend apps. Writes and rejections are in the audit log before either promise resolves. */
export interface BundleReceiver {
  receive(sent: SubmittedBundle): Promise<BundleResponse>;
  /** Records that a request with a valid token was denied because the token does not allow writing. */
  recordRejection(grant: AccessGrant, requestId: string, problem: Problem): Promise<void>;
}

/** Looks up what a backend app is allowed to do at the time of the call. */
export interface BackendGrantLookup {
  /** Returns the part of the access that is still granted, or undefined if nothing is left of it. */
  currentGrant(access: BackendAccess): Promise<AccessGrant | undefined>;
}

/** The part of the activity log of apps that the FHIR API writes. */
export type AppRequestLog = Pick<AppActivityLog, 'logResponse'>;
