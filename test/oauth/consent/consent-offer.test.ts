import { describe, expect, it } from 'vitest';
import { describeServedTypes, dstu2, r4 } from '../../../src/fhir/index.ts';
import { NO_PREVIOUS_CHOICES } from '../../../src/oauth/consent/grant-store.ts';
import { presentConsentOffer } from '../../../src/oauth/consent/present-offer.ts';
import { offerOf, pageOf } from '../../support/oauth/consent-offer.ts';

const types = describeServedTypes([r4, dstu2]);
const LABEL = {
  system: 'urn:x',
  code: 'ETH',
  label: { en: 'Substance use', es: 'Consumo de sustancias' },
  basis: { en: '42 CFR Part 2', es: '42 CFR Parte 2' },
};
const SCOPE = 'openid fhirUser offline_access patient/Patient.rs patient/Condition.rs patient/Practitioner.rs';
const sensitive = [LABEL];

describe('the digest of an offer', () => {
  const { digest } = offerOf(SCOPE, { types, sensitive });

  it('stays the same for the same request', () => {
    expect(offerOf(SCOPE, { types, sensitive }).digest).toBe(digest);
  });

  it.each([
    ['the scopes', offerOf(`${SCOPE} patient/Goal.rs`, { types, sensitive })],
    ['the name of the app', offerOf(SCOPE, { types, sensitive, client: { name: 'Runs' } })],
    ['the developer', offerOf(SCOPE, { types, sensitive, client: { developer: 'Acme' } })],
    ['the labels', offerOf(SCOPE, { types, sensitive: [{ ...LABEL, basis: { en: 'x', es: 'x' } }] })],
    ['how long access lasts', offerOf(SCOPE, { types, sensitive, scopeOmitted: true })],
  ])('changes with %s', (_, changed) => {
    expect(changed.digest).not.toBe(digest);
  });
});

describe('an offer', () => {
  it('has no labels where no requested type could have labeled resources', () => {
    expect(offerOf('openid patient/Practitioner.rs', { types, sensitive }).sensitiveLabels).toEqual([]);
    expect(offerOf(SCOPE, { types, sensitive }).sensitiveLabels).toEqual(sensitive);
  });

  it('has no labels, identity or durations for staff', () => {
    const offer = offerOf(SCOPE, { types, sensitive, client: { kind: 'staff' } });
    expect(offer).toMatchObject({ userKind: 'staff', sensitiveLabels: [], identity: undefined });
    expect(pageOf(offer)).toMatchObject({ sensitive: [], identity: undefined, durations: [] });
  });

  it('mentions the identity only of a person whose details have no item', () => {
    const present = (scope: string, relation: 'self' | 'representative') =>
      presentConsentOffer(offerOf(scope, { types }), {
        previous: NO_PREVIOUS_CHOICES,
        record: { relation },
        language: 'en',
      }).identity;
    expect(present(SCOPE, 'self')).toBeUndefined();
    expect(present(SCOPE, 'representative')).toBe('details');
    expect(present('openid profile patient/Condition.rs', 'self')).toBe('name');
    expect(present('fhirUser patient/Condition.rs', 'self')).toBeUndefined();
  });

  it.each([
    ['requested', SCOPE, false, { ticked: true }],
    ['registered and no scope requested', SCOPE, true, { ticked: false }],
    ['not requested', 'patient/Condition.rs', false, undefined],
  ])('has a checkbox for offline access that is %s', (_, scope, scopeOmitted, expected) => {
    const { offline } = pageOf(offerOf(scope, { types, scopeOmitted }));
    if (expected === undefined) expect(offline).toBeUndefined();
    else expect(offline).toMatchObject(expected);
  });
});
