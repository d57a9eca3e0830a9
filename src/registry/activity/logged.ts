import type { ClientId, RecordId } from '../../kernel/index.ts';

/** Why the authorization server refused an app. */
export interface LoggedRefusal {
  readonly clientId: ClientId;
  readonly endpoint: string;
  readonly error: string;
  readonly cause: string;
  readonly requestId: string;
  readonly status?: number | undefined;
  /** Whoever asked showed that it is the app, or held what the app was given; else it was anybody who knows its client_id. */
  readonly proved: boolean;
}

/** A token that an app got. Nothing of it is a token, a code or a secret. */
export interface LoggedGrant {
  readonly clientId: ClientId;
  readonly grantType: string;
  /** How the app showed who it is. */
  readonly auth: string;
  readonly scope: string;
  readonly requestId: string;
  readonly milliseconds: number;
}

/** A request to FHIR by a token of an app, and what came of it. Nothing of it is a value, a token or an id that leaves. */
export interface LoggedRequest {
  readonly clientId: ClientId;
  readonly api: string;
  readonly interaction: string;
  /** As the version names it; undefined when it has no such type. */
  readonly type: string | undefined;
  /** Names of our own tables. */
  readonly parameters: readonly string[];
  /** How many parameters had other names. */
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
  /** The authorization that it was made by; undefined: the token is good no more. */
  readonly familyId: string | undefined;
  /** A person let the app in: backend apps have no steps to count. */
  readonly byPerson: boolean;
}

/** How far an app's authorizations come. */
export const FUNNEL = ['opened', 'signed-in', 'asked', 'allowed', 'denied', 'exchanged', 'data'] as const;
export type FunnelStep = (typeof FUNNEL)[number];
