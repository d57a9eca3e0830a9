import type { BrandsPublisher } from './build-bundle.ts';

/**
 * The installation that made-up brands name instead of this one. Its domain is reserved for examples (RFC 2606 §2), so
 * that no copy of such a bundle leads to a real server.
 */
export const MADE_UP_PUBLISHER: BrandsPublisher = {
  publicUrl: 'https://records.example',
  brandName: 'Riverbend Records',
  addresses: { fhir: { r4: 'https://records.example/fhir/r4', dstu2: 'https://records.example/fhir/dstu2' } },
};

/** Number of versions that are stored for each visitor. The page lists as many. */
export const MADE_UP_VERSIONS = 50;
