import type { Language } from '../../i18n/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import type { ConsentPage, IdentityDisclosure, SelectableRecord } from '../ports.ts';
import { groupConsentItems, REQUIRED_TYPE } from './consent-items.ts';
import type { ConsentOffer } from './consent-offer.ts';
import { listDurationOptions } from './durations.ts';
import type { PreviousConsentChoices } from './grant-store.ts';
import { buildSensitiveItems } from './sensitive-items.ts';

/** The part of the consent page that follows from the offer. */
export type PresentedOffer = Pick<
  ConsentPage,
  | 'userKind'
  | 'app'
  | 'offerDigest'
  | 'groups'
  | 'sensitive'
  | 'includesSupporting'
  | 'identity'
  | 'offline'
  | 'term'
  | 'durations'
>;

export interface PresentOfferOptions {
  /** The checkboxes and the duration start as the person left them last time. */
  readonly previous: PreviousConsentChoices;
  /** Undefined when a staff member opens the app without a patient. */
  readonly record: Pick<SelectableRecord, 'relation'> | undefined;
  readonly language: Language;
}

/** Presents an offer to one person, in their language. */
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

/** The page already lists the patient's own details, in an item that is always checked. */
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
