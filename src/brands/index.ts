export { type BrandOrganization, bundleEndpoints, bundleOrganizations, SYSTEMS } from './bundle-types.ts';
export type { BrandFinding } from './check.ts';
export {
  type BrandsService,
  type BrandsState,
  BUNDLE_PATH,
  createBrands,
  R4_PATH,
  SERVICE_BASE_URLS_PATH,
} from './publish.ts';
export { parseBrandFields } from './read-brand-fields.ts';
export { brandsRoutes } from './routes.ts';
export { findPublished, listBrandsVersions, type PublishedBrandsVersion } from './store.ts';
export type { BrandChange } from './timestamps.ts';
