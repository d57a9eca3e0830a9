import { isNpi, isPlaceholderName, type Missing, missingFrom } from '../../../practices/index.ts';
import { type Check, type Circumstances, inPractice, isWebAddress, wrongIn } from './check.ts';
import {
  type BrandsBundle,
  CATEGORIES,
  EXTENSIONS,
  type Extension,
  isTest,
  type Organization,
  organizationsIn,
  partsOf,
  referenceTo,
  SYSTEMS,
} from './resources.ts';

const CONFORMANCE = 'SMART App Launch 2.2, Brands, conformance';

/** Returns all data absent reasons within a value. */
function reasonsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { url, valueCode = '' } = value as Partial<Extension>;
  return [...(url === EXTENSIONS.absent ? [valueCode] : []), ...Object.values(value).flatMap(reasonsIn)];
}

const hasReason = (part: { readonly _value?: unknown } | undefined): boolean => reasonsIn(part?._value).length > 0;

/** Rules of the profile user-access-brand, and additional legal requirements. */
export const ORGANIZATION_CHECKS: readonly Check[] = [
  {
    name: 'brand-name',
    severity: 'fault',
    clause: 'user-access-brand, Organization.name 1..1',
    find: (bundle) => wrongIn(organizationsIn(bundle), ({ name = '' }) => (name.trim() === '' ? name : undefined)),
  },
  {
    name: 'placeholder-name',
    severity: 'fault',
    clause: 'SMART App Launch 2.2, Brands, brand information: a name that users recognize',
    find: (bundle, circumstances) => (circumstances.production ? placeholdersIn(bundle, circumstances) : []),
  },
  {
    name: 'placeholder-name-local',
    severity: 'warning',
    clause: 'SMART App Launch 2.2, Brands, brand information: a name that users recognize',
    find: (bundle, circumstances) => (circumstances.production ? [] : placeholdersIn(bundle, circumstances)),
  },
  {
    name: 'brand-website',
    severity: 'fault',
    clause: 'user-access-brand, Organization.telecom 1..1: system url, a value or why there is none',
    find: (bundle) =>
      wrongIn(organizationsIn(bundle), ({ telecom = [] }) => {
        const [only, ...others] = telecom;
        if (only?.system !== 'url' || others.length > 0) return telecom.map(({ value = '' }) => value).join(', ');
        return only.value === undefined ? (hasReason(only) ? undefined : '') : webFault(only.value);
      }),
  },
  {
    name: 'absent-reasons',
    severity: 'fault',
    clause: `${CONFORMANCE}: SHALL NOT use reasons other than asked-declined or asked-unknown`,
    find: (bundle) =>
      wrongIn(organizationsIn(bundle), (brand) =>
        reasonsIn(brand).find((code) => !['asked-declined', 'asked-unknown'].includes(code)),
      ),
  },
  {
    name: 'category',
    severity: 'fault',
    clause: 'user-access-brand, Organization.type: user-access-category (required)',
    find: (bundle) =>
      wrongIn(organizationsIn(bundle), ({ type = [] }) => {
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
      wrongIn(
        organizationsIn(bundle),
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
      wrongIn(
        organizationsIn(bundle),
        ({ identifier = [] }) =>
          identifier.find(({ system, value }) => system === SYSTEMS.npi && value !== undefined && !isNpi(value))?.value,
      ),
  },
  {
    name: 'portal-endpoints',
    severity: 'fault',
    clause: 'user-access-brand, uab-1',
    find: (bundle) =>
      wrongIn(organizationsIn(bundle), ({ extension, endpoint = [] }) => {
        const listed = endpoint.map(({ reference }) => reference);
        const used = partsOf(extension, EXTENSIONS.portal, 'portalEndpoint');
        return used.map(({ valueReference }) => valueReference?.reference ?? '').find((one) => !listed.includes(one));
      }),
  },
  {
    name: 'brand-endpoint',
    severity: 'fault',
    clause: '45 CFR 170.404(b)(2): each organization with its service base URLs',
    find: (bundle) => wrongIn(organizationsIn(bundle), ({ endpoint = [] }) => (endpoint.length === 0 ? '' : undefined)),
  },
  {
    name: 'part-of',
    severity: 'fault',
    clause:
      'user-access-brand, Organization.partOf: SHALL NOT exceed a depth of two, and leads to a brand with a portal',
    find: (bundle) => wrongIn(organizationsIn(bundle), (brand) => partOfFault(brand, bundle)),
  },
  {
    name: 'logo',
    severity: 'fault',
    clause: 'organization-brand, brandLogo: https: or data:',
    find: (bundle, { production }) =>
      wrongIn(organizationsIn(bundle), ({ extension }) =>
        logosOf(extension).find(
          (url) =>
            !url.startsWith('data:image/') &&
            (webFault(url) !== undefined || (production && !url.startsWith('https:'))),
        ),
      ),
  },
  {
    name: 'website-missing',
    severity: 'warning',
    clause: 'SMART App Launch 2.2, Brands, brand information: user-facing website',
    find: (bundle) =>
      wrongIn(organizationsIn(bundle), (brand) =>
        !isTest(brand) && brand.telecom?.length === 1 && hasReason(brand.telecom[0]) ? '' : undefined,
      ),
  },
  {
    name: 'logo-missing',
    severity: 'warning',
    clause: 'SMART App Launch 2.2, Brands, brand information: logo',
    find: (bundle) =>
      wrongIn(practicesIn(bundle), ({ extension }) => (logosOf(extension).length === 0 ? '' : undefined)),
  },
  {
    name: 'location-missing',
    severity: 'warning',
    clause: '45 CFR 170.404(b)(2): location of the organization',
    find: (_bundle, circumstances) => practicesMissing('location', circumstances),
  },
  {
    name: 'location-form',
    severity: 'warning',
    clause: 'user-access-brand, Organization.address: state, city, ZIP code',
    find: (bundle) =>
      wrongIn(practicesIn(bundle), ({ address = [] }) => {
        const odd = address.find(({ state, postalCode }) => state === undefined && postalCode === undefined);
        return odd === undefined ? undefined : (odd.text ?? '');
      }),
  },
  {
    name: 'facility-identifier',
    severity: 'warning',
    clause: '45 CFR 170.404(b)(2): facility identifier',
    find: (_bundle, circumstances) => practicesMissing('identifier', circumstances),
  },
];

/** Brands of live practices. The installation's own brand has no location and no NPI. */
const practicesIn = (bundle: BrandsBundle): readonly Organization[] =>
  organizationsIn(bundle).filter(
    (brand) => !isTest(brand) && brand.identifier?.some(({ system }) => system === SYSTEMS.npi),
  );

/** Practices that are left out are checked too: a placeholder name is the first thing to fix. */
const placeholdersIn = (bundle: BrandsBundle, { leftOut }: Circumstances) => [
  ...wrongIn(organizationsIn(bundle), (brand) =>
    isPlaceholderName(brand.name ?? '') && !isTest(brand) ? brand.name : undefined,
  ),
  ...leftOut
    .filter(({ kind, name }) => kind === 'live' && isPlaceholderName(name))
    .map((practice) => ({ ...inPractice(practice), value: practice.name })),
];

const practicesMissing = (what: Missing, { leftOut }: Circumstances) =>
  leftOut.filter((practice) => missingFrom(practice).includes(what)).map(inPractice);

const webFault = (value: string): string | undefined => (isWebAddress(value) ? undefined : value);

const logosOf = (extension: Organization['extension']): readonly string[] =>
  [...partsOf(extension, EXTENSIONS.brand, 'brandLogo'), ...partsOf(extension, EXTENSIONS.portal, 'portalLogo')].map(
    ({ valueUrl = '' }) => valueUrl,
  );

/** Two levels at most: a brand, and the brand whose portal it shares. */
function partOfFault({ partOf }: Organization, bundle: BrandsBundle): string | undefined {
  if (partOf === undefined) return undefined;
  const parent = organizationsIn(bundle).find((one) => referenceTo(one) === partOf.reference);
  const hasPortal = parent?.extension?.some(({ url }) => url === EXTENSIONS.portal) === true;
  return parent?.partOf === undefined && hasPortal ? undefined : (partOf.display ?? partOf.reference);
}
