import { parseScopes } from '../../access/index.ts';
import type { AccessibleRecord, App, SensitiveLabel } from '../../domain/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import type { PatientId, PracticeId, RecordId } from '../../kernel/index.ts';
import type { ServedTypes } from '../ports.ts';
import { findGrantableScopes } from '../scopes/grantable-scopes.ts';
import { type ConsentRequest, createConsentOffer } from './consent-offer.ts';
import { NO_PREVIOUS_CHOICES } from './grant-store.ts';
import type { ConsentPage } from './page.ts';
import { presentConsentOffer } from './present-offer.ts';

export interface ConsentPreviewOptions {
  readonly client: ConsentRequest['client'] & Pick<App, 'scope' | 'redirectUris' | 'apis'>;
  readonly types: ServedTypes;
  readonly sensitive: readonly SensitiveLabel[];
  readonly language: Language;
}

/**
 * Builds the consent page as a person sees it the first time, when the app requests all its registered scopes.
 * Developers can look at it before their app asks a real person. The person on the page is made up. Returns undefined
 * for a backend app, which needs no consent.
 */
export function buildConsentPreview({
  client,
  types,
  sensitive,
  language,
}: ConsentPreviewOptions): ConsentPage | undefined {
  const { kind, scope, redirectUris, apis } = client;
  const [redirect] = redirectUris.filter((uri) => URL.canParse(uri));
  if (kind === 'backend' || redirect === undefined) return undefined;
  const staff = kind === 'staff';
  const scopes = findGrantableScopes(undefined, scope, types, { kind, launch: staff, apis });
  const offer = createConsentOffer({ client, redirect, scopes, scopeOmitted: false }, { types, sensitive });
  const record = createFictionalRecord(language, staff);
  const requestsPractices = parseScopes(scope).scopes.some((one) => one.kind === 'resource' && one.context === 'user');
  return {
    ...presentConsentOffer(offer, { previous: NO_PREVIOUS_CHOICES, record, language }),
    offerDigest: '',
    personName: getMessages(language).appForm.preview.person,
    record,
    visit: undefined,
    chartPath: undefined,
    timeZone: 'America/New_York',
    wasChosen: false,
    changed: false,
    earlierAccess: undefined,
    counts: {},
    practices: staff && requestsPractices ? [record.practiceName] : [],
    ...INACTIVE_LINKS,
  };
}

/** Links and form values of the preview. The links lead nowhere, and the form can't be submitted. */
const INACTIVE_LINKS = { csrf: '', request: '', decisionPath: '#', switchAccountPath: '#', accountPath: '#' } as const;

function createFictionalRecord(language: Language, staff: boolean): AccessibleRecord {
  const { person, practice } = getMessages(language).appForm.preview;
  return {
    key: '',
    recordId: 0 as RecordId,
    patientId: '' as PatientId,
    practiceId: 0 as PracticeId,
    personName: person,
    birthDate: '1980-04-12',
    practiceName: practice,
    practiceKind: 'live',
    relation: staff ? 'staff' : 'self',
  };
}
