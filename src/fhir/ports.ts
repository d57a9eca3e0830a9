import type { Api, Grant } from '../access/index.ts';
import type { Executor } from '../database/index.ts';
import type { AccountId, ClientId, GrantId, PracticeId, Problem, RecordId } from '../kernel/index.ts';

/** One answer of a FHIR API, or its refusal to someone with a valid token. Names and counts, never a value searched for. */
export interface Disclosure {
  readonly kind: 'read' | 'search' | 'document' | 'export';
  readonly outcome: 'success' | 'failure';
  readonly requestId: string;
  /** Whose: an answer with resources of several records is one disclosure of each. undefined: of no patient. */
  readonly recordId: RecordId | undefined;
  /** undefined: an app that acts for nobody. */
  readonly accountId: AccountId | undefined;
  readonly clientId: ClientId;
  readonly grantId: GrantId;
  readonly familyId: string;
  /** As the version names it; undefined when it has no such type. */
  readonly type: string | undefined;
  /** How many resources of it leave the server. */
  readonly resources: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Where disclosures are recorded. Nothing leaves the server before `record` resolves: durable then, or no answer. */
export interface DisclosureTrail {
  record(event: Disclosure): Promise<void>;
}

/** What leaves in files that are made beforehand: told of all at once, before the first of them leaves. */
export interface ExportTrail {
  /** Committed with the caller's transaction. */
  recordAllWithin(tx: Executor, events: readonly Disclosure[]): Promise<void>;
}

/** A Bundle as a backend app sent it: the text of the body, unread. */
export interface SentBundle {
  readonly text: string;
  /** Lets the app write something: which types, and how, is asked entry by entry. */
  readonly grant: Grant;
  /** The one practice it writes at. */
  readonly practiceId: PracticeId;
  readonly requestId: string;
}

/** A Bundle of responses, or an OperationOutcome: JSON text. */
export interface BundleAnswer {
  readonly status: number;
  readonly body: string;
}

/** Takes what backend apps write. What was written and what was refused is recorded before either resolves. */
export interface BundleFeed {
  receive(sent: SentBundle): Promise<BundleAnswer>;
  /** Somebody with a good token who may not write. */
  refused(grant: Grant, requestId: string, problem: Problem): Promise<void>;
}

/** The access that a backend app began something with, which lasts longer than a token. */
export interface BackendAccess {
  readonly clientId: ClientId;
  readonly grantId: GrantId;
  readonly familyId: string;
  /** As it was granted. */
  readonly scope: string;
}

/** Asks again what stands behind it. */
export interface BackendStanding {
  /** What of it the app may do now; undefined: nothing any more. */
  grantNow(access: BackendAccess): Promise<Grant | undefined>;
}

/** One request by a token of an app and what came of it, as the app's developer may know it: names and counts, never a value or an id. */
export interface AppRequest {
  readonly clientId: ClientId;
  readonly api: Api;
  readonly interaction: Disclosure['kind'];
  /** As the version names it; undefined when it has no such type. */
  readonly type: string | undefined;
  /** Names of parameters, of our own tables … */
  readonly parameters: readonly string[];
  /** … and how many had others. */
  readonly others: number;
  /** Whose record the token is for. */
  readonly about: RecordId | undefined;
  /** Whose data left. */
  readonly records: readonly RecordId[];
  readonly resources: number;
  readonly status: number;
  readonly milliseconds: number;
  readonly refusal: { readonly error: string; readonly cause: string } | undefined;
  readonly requestId: string;
  /** undefined: the token is good no more. */
  readonly familyId: string | undefined;
  /** Whether a person let the app in. */
  readonly byPerson: boolean;
}

/** Tells the developers of apps. Never throws and never waits: it must not change an answer. */
export interface AppActivity {
  answered(request: AppRequest): void;
}
