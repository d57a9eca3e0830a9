export { type BrandOrganization, bundleEndpoints, bundleOrganizations, SYSTEMS } from './bundle-types.ts';
export type { BrandFinding } from './check.ts';
export { createBrands, type MadeUpBrands } from './create-brands.ts';
export {
  type BrandsService,
  type BrandsState,
  BUNDLE_PATH,
  R4_PATH,
  SERVICE_BASE_URLS_PATH,
} from './publish.ts';
export { parseBrandFields } from './read-brand-fields.ts';
export { findPublished, listBrandsVersions, type PublishedBrandsVersion } from './store.ts';
export type { BrandChange } from './timestamps.ts';
