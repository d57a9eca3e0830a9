import { parseScopes } from '../../access/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import type { PatientId, PracticeId, RecordId } from '../../kernel/index.ts';
import { getAccessTermWithoutOffline } from '../lifetimes.ts';
import type { ConsentPage, OAuthClient, SelectableRecord, SensitiveLabelText, ServedTypes } from '../ports.ts';
import { findGrantableScopes } from '../scopes/grantable-scopes.ts';
import { describeApp } from './app-description.ts';
import {
  buildConsentGroups,
  getIdentityDisclosure,
  getOfflineOption,
  requestsSupportingTypes,
} from './consent-items.ts';
import { canChooseDuration, listDurationOptions } from './durations.ts';
import { NO_PREVIOUS_CHOICES } from './grant-store.ts';
import { buildSensitiveItems } from './sensitive-items.ts';

export interface ConsentPreviewOptions {
  readonly client: OAuthClient;
  readonly types: ServedTypes;
  readonly sensitive: readonly SensitiveLabelText[];
  readonly language: Language;
}

/**
 * Builds the page as a person sees it the first time, when the app requests all its registered scopes, so that the
 * developer can see it before anyone is asked. The person is made up. Returns undefined for a backend app, which needs
 * no consent.
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
  const record = createFictionalRecord(language, staff);
  const offline = getOfflineOption(scopes, false);
  const term = getAccessTermWithoutOffline({ client, scopes, scopeOmitted: false });
  const requestsPractices = parseScopes(scope).scopes.some((one) => one.kind === 'resource' && one.context === 'user');
  return {
    app: describeApp(client, redirect),
    personName: getMessages(language).apps.preview.person,
    userKind: staff ? 'staff' : 'patient',
    record,
    timeZone: 'America/New_York',
    wasChosen: false,
    changed: false,
    offerDigest: '',
    earlierAccess: undefined,
    groups: buildConsentGroups(scopes, NO_PREVIOUS_CHOICES, types, language),
    sensitive: staff ? [] : buildSensitiveItems(sensitive, scopes, NO_PREVIOUS_CHOICES, types, language),
    includesSupporting: requestsSupportingTypes(scopes, types),
    practices: staff && requestsPractices ? [record.practiceName] : [],
    identity: staff ? undefined : getIdentityDisclosure(scopes, record, types),
    ...(offline === undefined ? {} : { offline }),
    term,
    durations: !staff && canChooseDuration(offline, term) ? listDurationOptions(language, undefined) : [],
    ...INACTIVE_LINKS,
  };
}

/** Nothing on the preview leads anywhere. */
const INACTIVE_LINKS = { csrf: '', request: '', decisionPath: '#', switchAccountPath: '#', accountPath: '#' } as const;

function createFictionalRecord(language: Language, staff: boolean): SelectableRecord {
  const { person, practice } = getMessages(language).apps.preview;
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
