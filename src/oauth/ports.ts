import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../access/index.ts';
import type { Executor } from '../database/index.ts';
import type { AccountId, ClientId, GrantId, PatientId, RecordId } from '../kernel/index.ts';

/** An app as the authorization server needs it. */
export interface Client {
  readonly clientId: ClientId;
  readonly name: string;
  readonly state: 'provisional' | 'active' | 'rejected' | 'suspended' | 'retired';
  readonly confidential: boolean;
  readonly apis: readonly Api[];
  readonly scope: string;
  readonly redirectUris: readonly string[];
  /** SHA-256 of each secret that is good now. */
  readonly secretHashes: readonly Uint8Array[];
}

export interface Clients {
  find(clientId: string): Promise<Client | undefined>;
}

/** The person at the browser. */
export interface Visitor {
  readonly accountId: AccountId;
  readonly sessionId: string;
  readonly displayName: string;
}

export interface Visitors {
  /** Who is signed in in this browser. */
  current(request: FastifyRequest): Promise<Visitor | undefined>;
  /** The token that this browser's forms carry. */
  csrf(request: FastifyRequest, reply: FastifyReply): string;
  /** Throws `form-expired`. */
  requireCsrf(request: FastifyRequest, token: string | undefined): void;
}

/** A record that an account may share. */
export interface ShareableRecord {
  /** Tells the records of an account apart: two practices may know a person by one patient id. */
  readonly key: string;
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly personName: string;
  readonly practiceName: string;
  readonly practiceKind: 'sandbox' | 'live';
}

export interface Records {
  ofAccount(accountId: AccountId): Promise<readonly ShareableRecord[]>;
}

/** The resource types that scopes can name. */
export interface ServedTypes {
  /** Their R4 names: what a wildcard stands for. */
  readonly names: readonly string[];
  /** Names that another version of FHIR has for them: MedicationOrder → MedicationRequest. */
  readonly aliases: Readonly<Record<string, string>>;
}

export interface OAuthAuditEvent {
  readonly kind: 'consent' | 'token' | 'revocation';
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
  /** Name of its form field. */
  readonly type: string;
  readonly label: string;
  readonly detail: string;
  readonly ticked: boolean;
  /** Goes along if anything does: can't be unticked. */
  readonly locked: boolean;
}

export interface ConsentPage {
  readonly appName: string;
  /** Where the person and the data go: host of the redirect URI, or the app's own scheme. */
  readonly appAddress: string;
  /** Not yet approved: reaches sandbox records only. */
  readonly provisional: boolean;
  readonly personName: string;
  readonly records: readonly ShareableRecord[];
  readonly lines: readonly ConsentLine[];
  /** Types without a line of their own are asked for too: who, where, from whom. */
  readonly supporting: boolean;
  /** Whether the app may keep access while the person is away, and how the box starts; absent: not offered. */
  readonly offline?: { readonly ticked: boolean; readonly days: number };
  readonly csrf: string;
  /** The authorization request as it came, to be sent back with the decision. */
  readonly request: string;
  readonly decisionPath: string;
  readonly switchAccountPath: string;
}

export interface OAuthPages {
  consent(page: ConsentPage): string;
}
