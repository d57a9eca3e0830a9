import { parseScopes } from '../../access/index.ts';
import type { PatientId, PracticeId, RecordId } from '../../kernel/index.ts';
import { type Language, wordsIn } from '../../words/index.ts';
import { askingApp } from '../authorize/asking-app.ts';
import { termWithoutOffline } from '../lifetimes.ts';
import type { Client, ConsentPage, SensitiveLabel, ServedTypes, ShareableRecord } from '../ports.ts';
import { grantable } from '../scopes.ts';
import { canChooseDuration, durationsFor } from './durations.ts';
import { asksSupporting, consentGroups, identityTold, offlineBox } from './lines.ts';
import { sensitiveLines } from './sensitive.ts';
import { NO_CHOICE } from './store.ts';

export interface PreviewOf {
  readonly client: Client;
  readonly types: ServedTypes;
  readonly sensitive: readonly SensitiveLabel[];
  readonly language: Language;
}

/**
 * Builds the page as a person sees it the first time, when the app requests all its registered scopes, so that the
 * developer can see it before anyone is asked. The person is made up. Returns undefined for a backend app, which needs
 * no consent.
 */
export function previewOf({ client, types, sensitive, language }: PreviewOf): ConsentPage | undefined {
  const { kind, scope, redirectUris, apis } = client;
  const [redirect] = redirectUris.filter((uri) => URL.canParse(uri));
  if (kind === 'backend' || redirect === undefined) return undefined;
  const staff = kind === 'staff';
  const scopes = grantable(undefined, scope, types, { kind, launch: staff, apis });
  const record = madeUp(language, staff);
  const offline = offlineBox(scopes, false);
  const term = termWithoutOffline({ client, scopes, guide: false });
  const requestsPractices = parseScopes(scope).scopes.some((one) => one.kind === 'resource' && one.context === 'user');
  return {
    app: askingApp(client, redirect),
    personName: wordsIn(language).apps.preview.person,
    asked: staff ? 'staff' : 'patient',
    record,
    timeZone: 'America/New_York',
    chosen: false,
    changed: false,
    offered: '',
    earlier: undefined,
    groups: consentGroups(scopes, NO_CHOICE, types, language),
    sensitive: staff ? [] : sensitiveLines(sensitive, scopes, NO_CHOICE, types, language),
    supporting: asksSupporting(scopes, types),
    practices: staff && requestsPractices ? [record.practiceName] : [],
    identity: staff ? undefined : identityTold(scopes, record, types),
    ...(offline === undefined ? {} : { offline }),
    term,
    durations: !staff && canChooseDuration(offline, term) ? durationsFor(language, undefined) : [],
    ...NOWHERE,
  };
}

/** Nothing on the preview leads anywhere. */
const NOWHERE = { csrf: '', request: '', decisionPath: '#', switchAccountPath: '#', accountPath: '#' } as const;

function madeUp(language: Language, staff: boolean): ShareableRecord {
  const { person, practice } = wordsIn(language).apps.preview;
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
