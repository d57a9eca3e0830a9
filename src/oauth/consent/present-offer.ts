import type { AccessibleRecord } from '../../domain/index.ts';
import type { Language } from '../../i18n/index.ts';
import { type AccessTerm, LIFETIMES } from '../lifetimes.ts';
import type { RequestingApp } from './app-description.ts';
import { type ConsentItem, type ConsentItemGroup, groupConsentItems, REQUIRED_TYPE } from './consent-items.ts';
import type { ConsentOffer, IdentityDisclosure } from './consent-offer.ts';
import { type ConsentDurationOption, listDurationOptions } from './durations.ts';
import type { PreviousConsentChoices } from './grant-store.ts';
import { buildSensitiveItems } from './sensitive-items.ts';

/** The part of the consent page that follows from the offer. */
export interface PresentedOffer {
  readonly app: RequestingApp;
  /** `staff`: a staff member opens the app and allows or denies it as a whole. */
  readonly userKind: 'patient' | 'staff';
  /** Digest of what this page offers. The form sends it back with the decision. */
  readonly offerDigest: string;
  readonly groups: readonly ConsentItemGroup[];
  /** Items for labels that need separate permission. */
  readonly sensitive: readonly ConsentItem[];
  /** Types without an item are requested too. They tell who, where and from whom. */
  readonly includesSupporting: boolean;
  /** Details about the person that the app learns regardless of the checked items. */
  readonly identity: IdentityDisclosure;
  /** The checkbox for offline access with its initial state. Absent when it isn't offered. */
  readonly offline?: { readonly ticked: boolean; readonly days: number };
  /** How long access lasts if that box stays unchecked. */
  readonly term: AccessTerm;
  /** Empty when access is always shorter than the choices. */
  readonly durations: readonly ConsentDurationOption[];
}

export interface PresentOfferOptions {
  /** The checkboxes and the duration start as the person left them last time. */
  readonly previous: PreviousConsentChoices;
  /** Undefined when a staff member opens the app without a patient. */
  readonly record: Pick<AccessibleRecord, 'relation'> | undefined;
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
