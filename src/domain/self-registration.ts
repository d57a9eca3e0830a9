import type { AppState, AppTerms } from './app.ts';

/**
 * Terms that an app sends about itself (RFC 7591 §2). It becomes a patient app with access to both APIs until an operator
 * changes that.
 */
export type ClientMetadata = Pick<
  AppTerms,
  'name' | 'auth' | 'scope' | 'redirectUris' | 'jwks' | 'jwksUri' | 'idTokenAlg' | 'dpopBound' | 'metadata'
>;

/**
 * `sandbox`: new apps and important changes wait for an administrator. `open`: the server approves them at once.
 */
export type SelfRegistrationMode = 'sandbox' | 'open';

/** The review status of an app, for the app itself (RFC 7592). */
export interface AppReviewStatus {
  readonly state: AppState;
  /** The pending version; undefined if there is none. */
  readonly pending:
    | {
        readonly version: number;
        readonly since: Date;
        /** Names of the fields that differ from the terms in effect. Empty if nothing was approved yet. */
        readonly fields: readonly string[];
        /** An administrator's question that no new version has answered. */
        readonly question: string | undefined;
      }
    | undefined;
  /** Reason why the newest version was rejected; undefined if it wasn't. */
  readonly rejection: string | undefined;
}
