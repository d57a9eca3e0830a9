import type { AccessibleRecord } from '../../domain/index.ts';
import type { Language } from '../../i18n/index.ts';
import { type AccessTerm, LIFETIMES } from '../lifetimes.ts';
import type { RequestingApp } from './app-description.ts';
import { type ConsentItem, type ConsentItemGroup, groupConsentItems, REQUIRED_TYPE } from './consent-items.ts';
import type { ConsentOffer, IdentityDisclosure } from './consent-offer.ts';
import { type ConsentDurationOption, listDurationOptions } from './durations.ts';
import type { PreviousConsentChoices } from './grant-store.ts';
import { buildSensitiveItems } from './sensitive-items.ts';

/** The part of the consent page that shows the offered choices. */
export interface PresentedOffer {
  readonly app: RequestingApp;
  /** `staff` means that a staff member opens the app and can only allow or deny it as a whole. */
  readonly userKind: 'patient' | 'staff';
  /** Digest of the offered choices. The form sends it back with the decision. */
  readonly offerDigest: string;
  readonly groups: readonly ConsentItemGroup[];
  /** Consent items for security labels that need separate permission. */
  readonly sensitive: readonly ConsentItem[];
  /** Whether the app also requests supporting types such as Practitioner. They have no item on the page. */
  readonly includesSupporting: boolean;
  /**
   * Details that the app learns about the person, whatever the person checks. Undefined if the items already mention
   * them.
   */
  readonly identity: IdentityDisclosure;
  /**
   * Checkbox for offline access with its initial state, and the number of days after which an app that doesn't refresh
   * its tokens loses access. Absent if offline access isn't offered.
   */
  readonly offline?: { readonly ticked: boolean; readonly days: number };
  /** How long access lasts if the person doesn't allow offline access. */
  readonly term: AccessTerm;
  /**
   * Durations that the person can choose from. Empty if the person can't choose, for example because access always ends
   * sooner than any duration.
   */
  readonly durations: readonly ConsentDurationOption[];
}

export interface PresentOfferOptions {
  /** The person's choices on the previous consent page. Checkboxes and duration start with them. */
  readonly previous: PreviousConsentChoices;
  /** The patient record to share. Undefined if a staff member opens the app without a patient. */
  readonly record: Pick<AccessibleRecord, 'relation'> | undefined;
  readonly language: Language;
}

/** Presents the offered choices to one person, in that person's language. */
export function presentConsentOffer(
  offer: ConsentOffer,
  { previous, record, language }: PresentOfferOptions,
): PresentedOffer {
  return {
    userKind: offer.userKind,
    app: offer.app,
    offerDigest: offer.digest,
    groups: groupConsentItems(offer.items, previous, language),
    sensitive: buildSensitiveItems(offer.sensitiveLabels, previous, language),
    includesSupporting: offer.includesSupporting,
    identity: getDisclosedIdentity(offer, record),
    ...presentOffline(offer, previous),
    term: offer.termWithoutOffline,
    durations: offer.canChooseDuration ? listDurationOptions(language, previous.duration) : [],
  };
}

/**
 * Returns the details about the signed-in person that the app learns and that the page must mention separately.
 * Undefined if a patient shares their own record and the page has an item for the patient's details, which is always
 * checked, and for staff.
 */
function getDisclosedIdentity(
  { identity, items }: ConsentOffer,
  record: PresentOfferOptions['record'],
): IdentityDisclosure {
  if (record === undefined) return undefined;
  const isListed = record.relation === 'self' && items.some(({ type }) => type === REQUIRED_TYPE);
  return isListed ? undefined : identity;
}

const presentOffline = (
  { offlineDefault }: ConsentOffer,
  { offline: last }: PreviousConsentChoices,
): Pick<PresentedOffer, 'offline'> =>
  offlineDefault === undefined
    ? {}
    : { offline: { ticked: last ?? offlineDefault, days: LIFETIMES.offlineRefresh / 86_400 } };
