import type { AccountId, ClientId, GrantId, RecordId } from '../kernel/index.ts';

/** One answer of a FHIR API, or its refusal to someone with a valid token. Names and counts, never a value searched for. */
export interface Disclosure {
  readonly kind: 'read' | 'search' | 'document';
  readonly outcome: 'success' | 'failure';
  readonly requestId: string;
  /** Whose: an answer with resources of several records is one disclosure of each. undefined: of no patient. */
  readonly recordId: RecordId | undefined;
  /** undefined: an app that acts for nobody. */
  readonly accountId: AccountId | undefined;
  readonly clientId: ClientId;
  readonly grantId: GrantId;
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
