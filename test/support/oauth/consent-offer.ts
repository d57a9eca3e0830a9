import { parseScopes } from '../../../src/access/index.ts';
import type { SensitiveLabel } from '../../../src/domain/index.ts';
import type { Language } from '../../../src/i18n/index.ts';
import type { ClientId } from '../../../src/kernel/index.ts';
import {
  type ConsentOffer,
  type ConsentRequest,
  createConsentOffer,
} from '../../../src/oauth/consent/consent-offer.ts';
import { NO_PREVIOUS_CHOICES } from '../../../src/oauth/consent/grant-store.ts';
import { presentConsentOffer } from '../../../src/oauth/consent/present-offer.ts';
import type { ServedTypes } from '../../../src/oauth/index.ts';

const CLIENT: ConsentRequest['client'] = {
  clientId: 'walks' as ClientId,
  name: 'Walks',
  kind: 'patient',
  state: 'active',
  auth: 'none',
  developer: null,
  verifiedAt: null,
  dataUse: {},
  metadata: {},
  registrationHash: undefined,
  logoVersion: undefined,
};

interface OfferOptions {
  readonly types: ServedTypes;
  readonly sensitive?: readonly SensitiveLabel[];
  readonly client?: Partial<ConsentRequest['client']>;
  readonly scopeOmitted?: boolean;
}

/** Makes the consent offer of an app that requests these scopes. */
export const offerOf = (
  scope: string,
  { types, sensitive = [], client = {}, scopeOmitted = false }: OfferOptions,
): ConsentOffer =>
  createConsentOffer(
    {
      client: { ...CLIENT, ...client },
      redirect: 'https://walks.example/callback',
      scopes: parseScopes(scope).scopes,
      scopeOmitted,
    },
    { types, sensitive },
  );

/** Renders the consent page of an offer for a patient. */
export const pageOf = (
  offer: ConsentOffer,
  language: Language = 'en',
  previous: { readonly declinedKeys?: readonly string[]; readonly itemKeys?: readonly string[] } = {},
) =>
  presentConsentOffer(offer, {
    previous: { ...NO_PREVIOUS_CHOICES, ...previous },
    record: { relation: 'self' },
    language,
  });
