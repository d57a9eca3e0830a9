import { readDataUse } from '../../access/index.ts';
import type { AccountId, ClientId } from '../../kernel/index.ts';
import type { AppTerms } from '../app.ts';

/** `waiting` and `verified` are open: of an app there is one such version at most. */
export type VersionState = 'waiting' | 'verified' | 'approved' | 'rejected' | 'withdrawn' | 'replaced';

export const isOpen = (state: VersionState): boolean => state === 'waiting' || state === 'verified';

/** A picture of an app. */
export interface AppLogo {
  readonly type: string;
  readonly bytes: Buffer;
}

/** What was handed in to be approved. What works is what stands in the app itself. */
export interface AppVersion {
  readonly clientId: ClientId;
  readonly version: number;
  /** All of the app as it would be; of these `withReviewed` takes what a review is about. */
  readonly terms: AppTerms;
  /** As an app's; undefined: it is without a picture. */
  readonly logoVersion: string | undefined;
  readonly hasLogo: boolean;
  readonly state: VersionState;
  /** undefined: the app itself (RFC 7591), or an operator at the command line. */
  readonly submittedBy: AccountId | undefined;
  readonly submitterName: string | undefined;
  readonly submittedAt: Date;
  /** 45 CFR 170.404(b)(1)(i) */
  readonly verifyBy: Date;
  readonly verifiedAt: Date | undefined;
  readonly verifiedBy: AccountId | undefined;
  /** 45 CFR 170.404(b)(1)(ii) */
  readonly enableBy: Date | undefined;
  /** A question waits for its answer since then; undefined: none does, whatever was asked before. */
  readonly askedAt: Date | undefined;
  readonly question: string | undefined;
  /** Of two who have to agree. */
  readonly approvedFirstAt: Date | undefined;
  readonly approvedFirstBy: AccountId | undefined;
  readonly decidedAt: Date | undefined;
  readonly decidedBy: AccountId | undefined;
  /** As the developer is told. */
  readonly reason: string | undefined;
}

/** As they are kept; what an older version of this server did not ask for has its usual value. */
export function readTerms(kept: unknown): AppTerms {
  const terms = kept as Omit<AppTerms, 'verifiedAt' | 'jwks'> & { verifiedAt: string | null; jwks?: unknown };
  return {
    ...terms,
    jwks: terms.jwks ?? undefined,
    jwksUri: terms.jwksUri ?? undefined,
    launchUri: terms.launchUri ?? undefined,
    verifiedAt: terms.verifiedAt === null ? null : new Date(terms.verifiedAt),
    dataUse: readDataUse(terms.dataUse),
  };
}

/** Exactly what `AppTerms` has: an app has more, which no version is about. */
export const termsText = (terms: AppTerms): string => {
  const { name, kind, auth, apis, scope, redirectUris, jwks, jwksUri, launchUri, practiceIds } = terms;
  const { requireAud, secretInQuery, idTokenAlg, dpopBound, mayIntrospect } = terms;
  const { developer, verifiedAt, dataUse, description, listed, metadata } = terms;
  const who = { name, kind, developer, verifiedAt, dataUse, description, listed, metadata };
  const credentials = { auth, jwks, jwksUri, dpopBound, requireAud, secretInQuery, idTokenAlg, mayIntrospect };
  return JSON.stringify({ ...who, ...credentials, apis, scope, redirectUris, launchUri, practiceIds });
};
