import type { AccessibleRecord } from '../../domain/index.ts';
import type { PresentedOffer } from './present-offer.ts';

/** Access that the app still has from earlier decisions. */
export interface EarlierAccess {
  readonly since: Date;
  readonly kinds: readonly string[];
  /** Undefined when there is no end date. */
  readonly ends: Date | undefined;
}

/** Content of the consent page. */
export interface ConsentPage extends PresentedOffer {
  readonly personName: string;
  /** Undefined when a staff member opens the app without a patient. */
  readonly record: AccessibleRecord | undefined;
  /** IANA zone for displayed times. */
  readonly timeZone: string;
  /** The person chose this record among several. */
  readonly wasChosen: boolean;
  /** The page was displayed before, and the app or its request has changed since. */
  readonly changed: boolean;
  /** Set when the app has earlier access. The decision can then apply to that too. */
  readonly earlierAccess: EarlierAccess | undefined;
  /** For staff: the practices whose patients the requested `user/` scopes cover. */
  readonly practices: readonly string[];
  readonly csrf: string;
  /** The original authorization request, form-encoded. The form sends it back. */
  readonly request: string;
  readonly decisionPath: string;
  readonly switchAccountPath: string;
  /** Page where the person can end the access later. */
  readonly accountPath: string;
}
