import { describe, expect, it } from 'vitest';
import { DATA_USE_QUESTIONS, readDataUse } from '../../../src/access/index.ts';
import { type AccessibleRecord, DATA_USE, type DataUse } from '../../../src/domain/index.ts';
import { describeServedTypes, dstu2, r4 } from '../../../src/fhir/index.ts';
import { getMessages, LANGUAGES, type Language } from '../../../src/i18n/index.ts';
import { type GrantId, type PatientId, type PracticeId, type RecordId, sha256 } from '../../../src/kernel/index.ts';
import { listDurationOptions } from '../../../src/oauth/consent/durations.ts';
import {
  type ConsentAgreement,
  renderReceiptSubject,
  renderReceiptText,
} from '../../../src/oauth/consent/receipt-text.ts';
import { CONSENT_WORDING_VERSION } from '../../../src/oauth/consent/wording-version.ts';
import type { ConsentPage, RequestingApp } from '../../../src/oauth/index.ts';
import { consentPage } from '../../../src/web-pages/index.ts';
import { type Html, textWithout } from '../../support/browser/html.ts';
import { offerOf, pageOf } from '../../support/oauth/consent-offer.ts';

/**
 * SHA-256 of all consent texts, for each version of the wording. The texts of a version that was in use never change. A
 * changed text needs a new version in `wording-version.ts` and new digests here.
 */
const RECORDED: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  '2026-11-26': {
    en: '250f9177b2a9cb364e4677f22d80034adbc450ad04f47530f6f9b70a6569975c',
    es: '829e217e54c50f5f246025b7e95530103c45d6c343ef99ea959618f77b0d839f',
  },
  '2026-11-26.2': {
    en: '6075a200e80d7efdecae997caa669ea8cf21f09c149ac8b2461406559d124ef3',
    es: '78a39bbc265791732912f6f7de34c6710a74b881f52205a30d8e9ecc27474442',
  },
  '2026-11-26.3': {
    en: '3adc83f2ed35cc036741bb06b35da75e8b94cf4786886e33f3f6491e0256b991',
    es: '84db6c8e864fd1b71a86f06edd0c131e7a8c6d28d1979bbafd30ae91663c77fa',
  },
  '2026-11-26.4': {
    en: '464a347e4aef44cb5a345d61510afeea26624a4d8e63fa2234d0694221d71209',
    es: '268fcc99a84c65f46d01665402369ba4803a049ed5efdaf4b0107224e3777fe7',
  },
  '2026-11-29': {
    en: '40560614424814be12170275e7d2cb8a4f583b0fc0463cb90a0a88a4f313eb7c',
    es: '22577d0619b1a92d4a76bd738646ada52cfc871d2b18fae0c9727b258a9758f1',
  },
  '2026-11-26.5': {
    en: '92a1b92dd827deb321ff3fe535848e5699643370a3a4b8001de20d2c81891604',
    es: '4dfa3d007bcf839cd8fa7d551abd147a1c5f355a11278a75ac075caf56e0902f',
  },
  '2026-11-29.2': {
    en: '609e387c6efbeb4a46b2b9362015d042285d764eea509b9f22be3e0e7b466a2d',
    es: 'ddc621a0c68a050656914c9275ddff227fd16cd8d767520b7d1d676c47c41bc0',
  },
  '2026-11-30.1': {
    en: 'b78b6d49b587efcd158b023c6051ddcc843052490d46d5f334470fcd0d3cd662',
    es: '5288cb32d7ed41dc2be27ffe362f1aaadeaeb20bbf50b904594d53d572400453',
  },
  '2026-11-30.2': {
    en: '801259f82ef115de5bfe8d3cff71997c6d4f5289436fe2dd0c3d76c72d9a29f6',
    es: '8acc50ba297d086f9e898b1ac55f48133015c73f2776a36054381aa9db102843',
  },
  '2026-11-29.3': {
    en: '92c1dd52d0a38442074ff4ee8dcc90591dc377c94a7f94cf564d79518448ee28',
    es: '85bc7f52c29f3bc2f269f4760e671d5d448234bcb20830723db6e734f5b27ac5',
  },
};

const types = describeServedTypes([r4, dstu2]);
const NOON = new Date('2026-11-26T17:00:00Z');
const LATER = new Date('2027-11-26T17:00:00Z');
const own: AccessibleRecord = {
  key: '1-a',
  recordId: 1 as RecordId,
  patientId: 'a' as PatientId,
  practiceId: 1 as PracticeId,
  personName: 'Ana Doe',
  birthDate: '1974-07-07',
  practiceName: 'Bay Practice',
  practiceKind: 'live',
  relation: 'self',
};
const milo: AccessibleRecord = { ...own, personName: 'Milo Doe', relation: 'representative' };
const known: RequestingApp = {
  name: 'Walks',
  developer: 'Acme Health',
  verifiedAt: NOON,
  selfRegistered: false,
  provisional: false,
  address: 'walks.example',
  onDevice: false,
  policy: { href: 'https://acme.example/privacy', host: 'acme.example' },
  dataUse: {},
};
const unknown: RequestingApp = {
  ...known,
  developer: null,
  verifiedAt: null,
  selfRegistered: true,
  provisional: true,
  onDevice: true,
  policy: undefined,
};
const LABEL = {
  system: 'urn:x',
  code: 'ETH',
  label: { en: 'Substance use', es: 'Consumo de sustancias' },
  basis: { en: '42 CFR Part 2', es: '42 CFR Parte 2' },
};

/** These three sets of answers together have each answer to each question. */
const ANSWERS: readonly DataUse[] = [0, 1, 2].map((at) =>
  readDataUse(Object.fromEntries(DATA_USE_QUESTIONS.map((question) => [question, DATA_USE[question][at]]))),
);

/** So many sensitive items that the page has them in a section of their own. */
const MANY_SENSITIVE = [1, 2, 3, 4].map((number) => ({
  key: `sensitive:x|${number}`,
  label: 'S',
  detail: 'S',
  checked: false,
  required: false,
  isNew: false,
  mayOverlap: false,
}));

function pagesIn(language: Language): readonly ConsentPage[] {
  const of = (scope: string, requested: readonly string[]) => {
    const page = pageOf(offerOf(scope, { types, sensitive: [LABEL] }), language, { itemKeys: requested });
    const { groups, sensitive, includesSupporting } = page;
    return { groups, sensitive, includesSupporting };
  };
  const page: ConsentPage = {
    app: known,
    personName: 'Ana Doe',
    userKind: 'patient',
    record: own,
    visit: undefined,
    chartPath: undefined,
    timeZone: 'America/New_York',
    wasChosen: true,
    changed: true,
    offerDigest: '',
    earlierAccess: { since: NOON, kinds: ['A', 'B', 'C'], ends: LATER },
    counts: { results: 14 },
    ...of('patient/*.rs', ['Patient']),
    identity: undefined,
    practices: [],
    offline: { ticked: true, days: 93 },
    term: { kind: 'rolling', days: 2 },
    durations: listDurationOptions(language, undefined),
    csrf: '',
    request: '',
    decisionPath: '/d',
    switchAccountPath: '/s',
    accountPath: '/a',
  };
  const forMilo = { ...page, record: milo, earlierAccess: { since: NOON, kinds: [], ends: undefined } };
  return [
    ...ANSWERS.map((dataUse) => ({ ...page, app: { ...known, dataUse } })),
    ...ANSWERS.map((dataUse) => ({ ...forMilo, app: { ...known, verifiedAt: null, dataUse } })),
    { ...page, app: unknown },
    { ...forMilo, app: unknown, identity: 'details', ...of('openid', []) },
    { ...page, ...of('patient/Observation.rs?code=x patient/Immunization.rs?status=completed', []) },
    { ...page, ...of('patient/Condition.rs patient/Observation.rs', []) },
    { ...page, ...of('patient/Medication.rs', []), sensitive: MANY_SENSITIVE },
    ...(['hour', 'session'] as const).flatMap((kind) => {
      const ended = { ...page, term: { kind, seconds: 0 } };
      const { offline: _offline, ...unasked } = ended;
      return [ended, { ...unasked, durations: [] }];
    }),
    { ...page, identity: 'details', ...of('openid', []) },
    { ...page, identity: 'name', earlierAccess: undefined, ...of('openid', []) },
  ];
}

function receiptsIn(language: Language): readonly ConsentAgreement[] {
  const agreement: ConsentAgreement = {
    language,
    app: known,
    record: own,
    groups: pageOf(offerOf('patient/*.rs', { types }), language, { declinedKeys: ['Encounter'] }).groups,
    includesSupporting: true,
    sensitive: [true, false].map((allowed) => ({
      label: LABEL.label[language],
      basis: LABEL.basis[language],
      allowed,
    })),
    ends: LATER,
    term: { kind: 'rolling', days: 93 },
    identity: undefined,
    appliesToEarlierAccess: true,
    at: NOON,
    timeZone: 'America/New_York',
    accountUrl: 'https://records.example/account/apps',
    scope: 'patient/*.rs',
    grantId: '00000000-0000-4000-8000-000000000000' as GrantId,
  };
  return [
    agreement,
    { ...agreement, app: unknown, record: milo, ends: null, term: { kind: 'hour', seconds: 0 } },
    { ...agreement, term: { kind: 'session', seconds: 0 } },
    { ...agreement, app: { ...known, verifiedAt: null }, groups: [], sensitive: [] },
    { ...agreement, record: milo, identity: 'details', groups: [] },
    { ...agreement, identity: 'name', groups: [] },
  ];
}

/** Text of a page without its layout. The name of the signed-in person is left out, because other pages show it too. */
const readable = (page: Html): string => textWithout(page, 'main', 'p.subtitle, form[action="/sign-out"]');

function allWords(language: Language): string {
  const context = { language, brand: { name: 'Bay Practice' }, currentPath: undefined };
  // The version number itself isn't part of the digest.
  const receipts = receiptsIn(language).flatMap((one) => [
    renderReceiptSubject(one),
    renderReceiptText(one).replaceAll(CONSENT_WORDING_VERSION, ''),
  ]);
  return [...pagesIn(language).map((page) => readable(consentPage(page, context))), ...receipts].join('\n');
}

describe.each(LANGUAGES)('the consent wording in %s', (language) => {
  it('matches the digest recorded for its version', () => {
    const digest = sha256(allWords(language)).toString('hex');
    expect({ version: CONSENT_WORDING_VERSION, digest }).toEqual({
      version: CONSENT_WORDING_VERSION,
      digest: RECORDED[CONSENT_WORDING_VERSION]?.[language],
    });
  });

  it('includes every text of the catalog', () => {
    const all = allWords(language);
    const missing: string[] = [];
    const look = (value: unknown, path: string): void => {
      if (typeof value === 'object' && value !== null)
        for (const [name, inner] of Object.entries(value)) look(inner, `${path}.${name}`);
      else if (typeof value === 'string' && !all.includes(value)) missing.push(path);
    };
    const { problems: _problems, recordChoice: _choice, ...words } = getMessages(language).consent;
    look(words, 'consent');
    look(getMessages(language).dataCategories.types, 'kinds');
    expect(missing.filter((path) => !OF_WHOLE_TYPES.includes(path))).toEqual([]);
  });
});

/** Texts that are displayed only if a type with categories is offered as a whole. That never happens. */
const OF_WHOLE_TYPES = ['Condition', 'Observation'].flatMap((type) => [`kinds.${type}.label`, `kinds.${type}.detail`]);
