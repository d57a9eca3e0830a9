import type { AccessibleRecord } from '../../domain/index.ts';
import type { LaunchEncounter } from '../ports.ts';
import type { GroupCounts } from './count-entries.ts';
import type { PresentedOffer } from './present-offer.ts';

/** Access that the app still has from earlier consents. */
export interface EarlierAccess {
  readonly since: Date;
  readonly kinds: readonly string[];
  /** Time at which the earlier access ends. Undefined if it has no end date. */
  readonly ends: Date | undefined;
}

/** Everything that the consent page displays, and the hidden values that its form submits. */
export interface ConsentPage extends PresentedOffer {
  readonly personName: string;
  /** The patient record to share. Undefined if a staff member opens the app without a patient. */
  readonly record: AccessibleRecord | undefined;
  /** The visit of an EHR launch. Undefined if the app doesn't get one. */
  readonly visit: LaunchEncounter | undefined;
  /** Path of the chart from which staff launched the app. Undefined without an EHR launch. */
  readonly chartPath: string | undefined;
  /** IANA time zone of the times on the page. */
  readonly timeZone: string;
  /** Whether the person has just chosen this record in the patient picker. */
  readonly wasChosen: boolean;
  /** Whether the page is displayed again, because the app or its request has changed since the first time. */
  readonly changed: boolean;
  /**
   * Access that the app has from earlier consents. The person can apply this decision to the earlier access too.
   * Undefined if there is none.
   */
  readonly earlierAccess: EarlierAccess | undefined;
  /** Numbers of entries in the groups, up to one more than `MAX_COUNTED_ENTRIES`. */
  readonly counts: GroupCounts;
  /** Names of the practices whose patients the requested `user/` scopes cover. Empty for patients. */
  readonly practices: readonly string[];
  readonly csrf: string;
  /** The original authorization request, form-encoded. The form of the page sends it back. */
  readonly request: string;
  readonly decisionPath: string;
  readonly switchAccountPath: string;
  /** Path of the page where the person can end the access later. */
  readonly accountPath: string;
}
