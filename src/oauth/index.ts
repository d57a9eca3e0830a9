export { createAddresses, type OAuthAddresses } from './addresses.ts';
export { findLaunchPractice } from './authorize/launch-practice.ts';
export type { AuthorizePages, NoRecordPage, RecordChoicePage } from './authorize/pages.ts';
export { deleteExpiredPushedRequests } from './authorize/pushed-request-store.ts';
export { type AuthorizeDeps, authorizeRoutes } from './authorize/routes.ts';
export { type ClientAuthenticationDeps, createClientAuthenticationDeps } from './clients/client-authentication.ts';
export { deleteExpiredOneTimeIds } from './clients/one-time-ids.ts';
export { FetchError, type SafeFetchOptions, safeFetch } from './clients/safe-fetch.ts';
export { displayAppName, parsePolicyLink, type RequestingApp } from './consent/app-description.ts';
export type { ConsentItem, ConsentItemGroup } from './consent/consent-items.ts';
export { listSharedData } from './consent/consent-items.ts';
export { buildConsentPreview, type ConsentPreviewOptions } from './consent/consent-preview.ts';
export { endAllGrantsOfAccount } from './consent/end-all-grants.ts';
export {
  endAccessThroughAccount,
  endAccessToRecord,
  endAppAccess,
  endGrant,
  type GrantEndedBy,
  type ListedGrant,
  listGrants,
} from './consent/grant-store.ts';
export type { ConsentPage } from './consent/page.ts';
export type { ReceiptEmail, ReceiptPorts } from './consent/receipt-store.ts';
export { findRequestedCategories } from './consent/requested-categories.ts';
export { createKeyring, listSigningKeys, type SigningKeyring } from './keys/keyring.ts';
export { ensureSigningKeys, rotateSigningKeys } from './keys/signing-key-store.ts';
export { deleteExpiredLaunches } from './launch/launch-store.ts';
export type { LaunchPage, LaunchPages } from './launch/pages.ts';
export { launchRoutes } from './launch/routes.ts';
export { discoveryRoutes, issuerRoutes, type MetadataDeps, rootDiscoveryRoutes } from './metadata.ts';
export { createPushedRequestDeps, pushedRequestRoutes } from './par/routes.ts';
export { leaveJsonUnparsed } from './parameters.ts';
export type {
  LaunchEncounter,
  OAuthAudit,
  OAuthClients,
  SelectableRecords,
  ServedTypes,
  SessionUsers,
} from './ports.ts';
export { createRegistrationDeps, registrationRoutes } from './register/routes.ts';
export { findGrantableScopes, SUPPORTED_NAMED_SCOPES, scopedTypes } from './scopes/grantable-scopes.ts';
export {
  ACCOMPANIED_CATEGORIES,
  DATA_CATEGORIES,
  type DataCategory,
  findCategoryKey,
  RESOURCE_CATEGORIES,
  SUPPORTING_TYPES,
} from './scopes/resource-categories.ts';
export { type ActiveAccess, findActiveAccess } from './token/active-access.ts';
export { findCurrentBackendGrant } from './token/backend-grant.ts';
export { countActiveTokens, countConsentingPatients } from './token/count-active.ts';
export { DPOP_ALGS } from './token/dpop.ts';
export { createInterruptionTracker } from './token/interruptions.ts';
export { type TokenEndpointDeps, tokenRoutes } from './token/routes.ts';
export { createTokenCache } from './token/token-cache.ts';
export {
  deleteExpiredTokens,
  endFamiliesInBrowser,
  listFamilyIds,
  REVOKED_BY_APP_REASON,
} from './token/token-families.ts';
export { createTokenVerifier } from './token/token-verifier.ts';
export { createUnauthenticatedFailures } from './token/unauthenticated-failures.ts';
export { type UserinfoDeps, userinfoRoutes } from './token/userinfo.ts';
