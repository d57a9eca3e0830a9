import { findMissingBrandDetails, isNpi, isPlaceholderName, type MissingBrandDetail } from '../practices/index.ts';
import { CONFORMANCE } from './bundle-rules.ts';
import {
  type BrandExtension,
  type BrandOrganization,
  type BrandsBundle,
  bundleOrganizations,
  CATEGORIES,
  EXTENSIONS,
  isTest,
  nestedExtensions,
  referenceTo,
  SYSTEMS,
} from './bundle-types.ts';
import { type BrandCheckContext, type BrandRule, findInvalid, inPractice, isWebAddress } from './check.ts';

/** Returns the codes of all data-absent-reason extensions anywhere within a value. */
function absentReasons(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { url, valueCode = '' } = value as Partial<BrandExtension>;
  return [...(url === EXTENSIONS.absent ? [valueCode] : []), ...Object.values(value).flatMap(absentReasons)];
}

const hasReason = (part: { readonly _value?: unknown } | undefined): boolean => absentReasons(part?._value).length > 0;

/** Rules for Organization resources, from the profile user-access-brand and from legal requirements. */
export const ORGANIZATION_RULES: readonly BrandRule[] = [
  {
    name: 'brand-name',
    severity: 'fault',
    clause: 'user-access-brand, Organization.name 1..1',
    find: (bundle) =>
      findInvalid(bundleOrganizations(bundle), ({ name = '' }) => (name.trim() === '' ? name : undefined)),
  },
  {
    name: 'placeholder-name',
    severity: 'fault',
    clause: 'SMART App Launch 2.2, Brands, brand information: a name that users recognize',
    find: (bundle, circumstances) => (circumstances.production ? placeholderNames(bundle, circumstances) : []),
  },
  {
    name: 'placeholder-name-local',
    severity: 'warning',
    clause: 'SMART App Launch 2.2, Brands, brand information: a name that users recognize',
    find: (bundle, circumstances) => (circumstances.production ? [] : placeholderNames(bundle, circumstances)),
  },
  {
    name: 'brand-website',
    severity: 'fault',
    clause: 'user-access-brand, Organization.telecom 1..1: system url, a value or why there is none',
    find: (bundle) =>
      findInvalid(bundleOrganizations(bundle), ({ telecom = [] }) => {
        const [only, ...others] = telecom;
        if (only?.system !== 'url' || others.length > 0) return telecom.map(({ value = '' }) => value).join(', ');
        return only.value === undefined ? (hasReason(only) ? undefined : '') : invalidWebAddress(only.value);
      }),
  },
  {
    name: 'absent-reasons',
    severity: 'fault',
    clause: `${CONFORMANCE}: SHALL NOT use reasons other than asked-declined or asked-unknown`,
    find: (bundle) =>
      findInvalid(bundleOrganizations(bundle), (brand) =>
        absentReasons(brand).find((code) => !['asked-declined', 'asked-unknown'].includes(code)),
      ),
  },
  {
    name: 'category',
    severity: 'fault',
    clause: 'user-access-brand, Organization.type: user-access-category (required)',
    find: (bundle) =>
      findInvalid(bundleOrganizations(bundle), ({ type = [] }) => {
        const codings = type.flatMap(({ coding }) => coding);
        return codings.find(({ system, code }) => system !== SYSTEMS.category || !Object.hasOwn(CATEGORIES, code))
          ?.code;
      }),
  },
  {
    name: 'identifiers',
    severity: 'fault',
    clause: `${CONFORMANCE}: SHALL support identifiers (system and value)`,
    find: (bundle) =>
      findInvalid(
        bundleOrganizations(bundle),
        ({ identifier = [] }) =>
          identifier.find((one) => !one.system || !(one.value || hasReason(one)))?.value?.toString() ??
          (identifier.some((one) => !one.system || !(one.value || hasReason(one))) ? '' : undefined),
      ),
  },
  {
    name: 'npi',
    severity: 'fault',
    clause: '45 CFR 162.406: ten digits with a check digit',
    find: (bundle) =>
      findInvalid(
        bundleOrganizations(bundle),
        ({ identifier = [] }) =>
          identifier.find(({ system, value }) => system === SYSTEMS.npi && value !== undefined && !isNpi(value))?.value,
      ),
  },
  {
    name: 'portal-endpoints',
    severity: 'fault',
    clause: 'user-access-brand, uab-1',
    find: (bundle) =>
      findInvalid(bundleOrganizations(bundle), ({ extension, endpoint = [] }) => {
        const listed = endpoint.map(({ reference }) => reference);
        const used = nestedExtensions(extension, EXTENSIONS.portal, 'portalEndpoint');
        return used.map(({ valueReference }) => valueReference?.reference ?? '').find((one) => !listed.includes(one));
      }),
  },
  {
    name: 'brand-endpoint',
    severity: 'fault',
    clause: '45 CFR 170.404(b)(2): each organization with its service base URLs',
    find: (bundle) =>
      findInvalid(bundleOrganizations(bundle), ({ endpoint = [] }) => (endpoint.length === 0 ? '' : undefined)),
  },
  {
    name: 'part-of',
    severity: 'fault',
    clause:
      'user-access-brand, Organization.partOf: SHALL NOT exceed a depth of two, and leads to a brand with a portal',
    find: (bundle) => findInvalid(bundleOrganizations(bundle), (brand) => invalidPartOf(brand, bundle)),
  },
  {
    name: 'logo',
    severity: 'fault',
    clause: 'organization-brand, brandLogo: https: or data:',
    find: (bundle, { production }) =>
      findInvalid(bundleOrganizations(bundle), ({ extension }) =>
        logoAddresses(extension).find(
          (url) =>
            !url.startsWith('data:image/') &&
            (invalidWebAddress(url) !== undefined || (production && !url.startsWith('https:'))),
        ),
      ),
  },
  {
    name: 'website-missing',
    severity: 'warning',
    clause: 'SMART App Launch 2.2, Brands, brand information: user-facing website',
    find: (bundle) =>
      findInvalid(bundleOrganizations(bundle), (brand) =>
        !isTest(brand) && brand.telecom?.length === 1 && hasReason(brand.telecom[0]) ? '' : undefined,
      ),
  },
  {
    name: 'logo-missing',
    severity: 'warning',
    clause: 'SMART App Launch 2.2, Brands, brand information: logo',
    find: (bundle) =>
      findInvalid(livePractices(bundle), ({ extension }) => (logoAddresses(extension).length === 0 ? '' : undefined)),
  },
  {
    name: 'location-missing',
    severity: 'warning',
    clause: '45 CFR 170.404(b)(2): location of the organization',
    find: (_bundle, circumstances) => practicesWithout('location', circumstances),
  },
  {
    name: 'location-form',
    severity: 'warning',
    clause: 'user-access-brand, Organization.address: state, city, ZIP code',
    find: (bundle) =>
      findInvalid(livePractices(bundle), ({ address = [] }) => {
        const odd = address.find(({ state, postalCode }) => state === undefined && postalCode === undefined);
        return odd === undefined ? undefined : (odd.text ?? '');
      }),
  },
  {
    name: 'facility-identifier',
    severity: 'warning',
    clause: '45 CFR 170.404(b)(2): facility identifier',
    find: (_bundle, circumstances) => practicesWithout('identifier', circumstances),
  },
];

/**
 * Returns the brands of live practices: those that aren't of a sandbox practice and have an NPI.
 * The installation's own brand has none.
 */
const livePractices = (bundle: BrandsBundle): readonly BrandOrganization[] =>
  bundleOrganizations(bundle).filter(
    (brand) => !isTest(brand) && brand.identifier?.some(({ system }) => system === SYSTEMS.npi),
  );

/**
 * Finds practices whose name is a placeholder. Also checks the practices that the bundle leaves
 * out, because their name is the first thing to fix.
 */
const placeholderNames = (bundle: BrandsBundle, { leftOut }: BrandCheckContext) => [
  ...findInvalid(bundleOrganizations(bundle), (brand) =>
    isPlaceholderName(brand.name ?? '') && !isTest(brand) ? brand.name : undefined,
  ),
  ...leftOut
    .filter(({ kind, name }) => kind === 'live' && isPlaceholderName(name))
    .map((practice) => ({ ...inPractice(practice), value: practice.name })),
];

const practicesWithout = (what: MissingBrandDetail, { leftOut }: BrandCheckContext) =>
  leftOut.filter((practice) => findMissingBrandDetails(practice).includes(what)).map(inPractice);

const invalidWebAddress = (value: string): string | undefined => (isWebAddress(value) ? undefined : value);

const logoAddresses = (extension: BrandOrganization['extension']): readonly string[] =>
  [
    ...nestedExtensions(extension, EXTENSIONS.brand, 'brandLogo'),
    ...nestedExtensions(extension, EXTENSIONS.portal, 'portalLogo'),
  ].map(({ valueUrl = '' }) => valueUrl);

/**
 * Returns the name of a brand's parent if the brand may not refer to it. A parent must have a
 * portal and no parent itself, so there are at most two levels.
 */
function invalidPartOf({ partOf }: BrandOrganization, bundle: BrandsBundle): string | undefined {
  if (partOf === undefined) return undefined;
  const parent = bundleOrganizations(bundle).find((one) => referenceTo(one) === partOf.reference);
  const hasPortal = parent?.extension?.some(({ url }) => url === EXTENSIONS.portal) === true;
  return parent?.partOf === undefined && hasPortal ? undefined : (partOf.display ?? partOf.reference);
}
