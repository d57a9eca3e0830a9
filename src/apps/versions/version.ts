import { readDataUse } from '../../access/index.ts';
import type { AppTerms } from '../../domain/index.ts';
import type { AccountId, ClientId } from '../../kernel/index.ts';

/** `waiting` and `verified` versions are pending. An app has at most one pending version. */
export type VersionState = 'waiting' | 'verified' | 'approved' | 'rejected' | 'withdrawn' | 'replaced';

/** Returns whether a version is pending. */
export const isPending = (state: VersionState): boolean => state === 'waiting' || state === 'verified';

export interface AppLogo {
  readonly type: string;
  readonly bytes: Buffer;
}

/** A submitted version. The terms in effect are those of the app itself. */
export interface AppVersion {
  readonly clientId: ClientId;
  readonly version: number;
  /** All terms as submitted. An approval takes only the reviewed fields (`withReviewed`). */
  readonly terms: AppTerms;
  /** Like the version of an app's logo; undefined if there is none. */
  readonly logoVersion: string | undefined;
  readonly hasLogo: boolean;
  readonly state: VersionState;
  /** undefined for an app that registered itself (RFC 7591) or an operator at the command line. */
  readonly submittedBy: AccountId | undefined;
  readonly submitterName: string | undefined;
  readonly submittedAt: Date;
  /** 45 CFR 170.404(b)(1)(i) */
  readonly verifyBy: Date;
  readonly verifiedAt: Date | undefined;
  readonly verifiedBy: AccountId | undefined;
  /** 45 CFR 170.404(b)(1)(ii) */
  readonly enableBy: Date | undefined;
  /** When the unanswered question was asked; undefined if no question is open. */
  readonly askedAt: Date | undefined;
  readonly question: string | undefined;
  /** When the first of two required approvers approved. */
  readonly approvedFirstAt: Date | undefined;
  readonly approvedFirstBy: AccountId | undefined;
  readonly decidedAt: Date | undefined;
  readonly decidedBy: AccountId | undefined;
  /** Reason sent to the developer. */
  readonly reason: string | undefined;
}

/** Parses stored terms. Fields that an earlier release didn't store get their defaults. */
export function parseTerms(stored: unknown): AppTerms {
  const terms = stored as Omit<AppTerms, 'verifiedAt' | 'jwks'> & { verifiedAt: string | null; jwks?: unknown };
  return {
    ...terms,
    jwks: terms.jwks ?? undefined,
    jwksUri: terms.jwksUri ?? undefined,
    launchUri: terms.launchUri ?? undefined,
    verifiedAt: terms.verifiedAt === null ? null : new Date(terms.verifiedAt),
    dataUse: readDataUse(terms.dataUse),
  };
}

/** Serializes exactly the members of `AppTerms`. An app has more members, which are not part of a version. */
export const serializeTerms = (terms: AppTerms): string => {
  const { name, kind, auth, apis, scope, redirectUris, jwks, jwksUri, launchUri, practiceIds } = terms;
  const { requireAud, secretInQuery, idTokenAlg, dpopBound, mayIntrospect } = terms;
  const { developer, verifiedAt, dataUse, description, listed, metadata } = terms;
  const who = { name, kind, developer, verifiedAt, dataUse, description, listed, metadata };
  const credentials = { auth, jwks, jwksUri, dpopBound, requireAud, secretInQuery, idTokenAlg, mayIntrospect };
  return JSON.stringify({ ...who, ...credentials, apis, scope, redirectUris, launchUri, practiceIds });
};
