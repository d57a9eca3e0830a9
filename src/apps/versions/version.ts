import { readDataUse } from '../../access/index.ts';
import type { AppTerms } from '../../domain/index.ts';
import type { AccountId, ClientId } from '../../kernel/index.ts';

/**
 * State of a version of an app. `waiting` and `verified` versions are pending. An app has at most
 * one pending version.
 */
export type VersionState = 'waiting' | 'verified' | 'approved' | 'rejected' | 'withdrawn' | 'replaced';

/** Returns whether a version in this state waits for a decision. */
export const isPending = (state: VersionState): boolean => state === 'waiting' || state === 'verified';

export interface AppLogo {
  readonly type: string;
  readonly bytes: Buffer;
}

/** A version of an app that a developer submitted. The terms in effect are those of the app itself. */
export interface AppVersion {
  readonly clientId: ClientId;
  readonly version: number;
  /** All terms as submitted. An approval applies only the fields that need a review (see `withReviewed`). */
  readonly terms: AppTerms;
  /**
   * Hash of the version's logo, computed like that of an app's logo in `saveAppLogo`. undefined if
   * the version has no logo.
   */
  readonly logoVersion: string | undefined;
  readonly hasLogo: boolean;
  readonly state: VersionState;
  /**
   * The account that submitted the version. undefined for an app that registered itself (RFC 7591)
   * or an operator at the command line.
   */
  readonly submittedBy: AccountId | undefined;
  readonly submitterName: string | undefined;
  readonly submittedAt: Date;
  /** Deadline to verify the developer, 45 CFR 170.404(b)(1)(i). */
  readonly verifyBy: Date;
  readonly verifiedAt: Date | undefined;
  readonly verifiedBy: AccountId | undefined;
  /** Deadline to enable the app, 45 CFR 170.404(b)(1)(ii). */
  readonly enableBy: Date | undefined;
  /**
   * When an administrator asked the question that the developer hasn't answered yet. undefined if
   * there is no such question.
   */
  readonly askedAt: Date | undefined;
  readonly question: string | undefined;
  /** When the first of two required administrators approved the version. */
  readonly approvedFirstAt: Date | undefined;
  readonly approvedFirstBy: AccountId | undefined;
  readonly decidedAt: Date | undefined;
  readonly decidedBy: AccountId | undefined;
  /** Reason for the decision, as sent to the developer. */
  readonly reason: string | undefined;
}

/** Parses the stored terms of a version. Fields that an earlier release didn't store get their defaults. */
export function parseTerms(stored: unknown): AppTerms {
  const terms = stored as Omit<AppTerms, 'verifiedAt' | 'jwks'> & { verifiedAt: string | null; jwks?: unknown };
  return {
    ...terms,
    jwks: terms.jwks ?? undefined,
    jwksUri: terms.jwksUri ?? undefined,
    launchUri: terms.launchUri ?? undefined,
    verifiedAt: terms.verifiedAt === null ? null : new Date(terms.verifiedAt),
    dataUse: readDataUse(terms.dataUse),
    category: terms.category ?? null,
  };
}

/**
 * Serializes the members of `AppTerms` only. The given object may be a whole `App`, which has
 * members that are not part of a version.
 */
export const serializeTerms = (terms: AppTerms): string => {
  const { name, kind, auth, apis, scope, redirectUris, jwks, jwksUri, launchUri, practiceIds } = terms;
  const { requireAud, secretInQuery, idTokenAlg, dpopBound, mayIntrospect } = terms;
  const { developer, verifiedAt, dataUse, description, listed, category, metadata } = terms;
  const who = { name, kind, developer, verifiedAt, dataUse, description, listed, category, metadata };
  const credentials = { auth, jwks, jwksUri, dpopBound, requireAud, secretInQuery, idTokenAlg, mayIntrospect };
  return JSON.stringify({ ...who, ...credentials, apis, scope, redirectUris, launchUri, practiceIds });
};
