import type { AppState, AppTerms } from './app.ts';

/**
 * Metadata with which an app registers itself (RFC 7591 §2). The app becomes a patient app with access to both FHIR
 * APIs, until an operator changes that.
 */
export type ClientMetadata = Pick<
  AppTerms,
  'name' | 'auth' | 'scope' | 'redirectUris' | 'jwks' | 'jwksUri' | 'idTokenAlg' | 'dpopBound' | 'metadata'
>;

/**
 * How apps may register themselves. `sandbox`: new apps and important changes wait for an administrator's approval.
 * `open`: the server approves them at once.
 */
export type SelfRegistrationMode = 'sandbox' | 'open';

/** Review status of an app, as the app itself can read it (RFC 7592). */
export interface AppReviewStatus {
  readonly state: AppState;
  /** Version of the app's registration that waits for review; undefined if there is none. */
  readonly pending:
    | {
        readonly version: number;
        readonly since: Date;
        /** Names of the fields that differ from the approved registration. Empty if no version was approved yet. */
        readonly fields: readonly string[];
        /**
         * Question of an administrator that the developer hasn't answered with a new version; undefined if there is
         * none.
         */
        readonly question: string | undefined;
      }
    | undefined;
  /** Reason why the newest version was rejected; undefined if it wasn't rejected. */
  readonly rejection: string | undefined;
}
