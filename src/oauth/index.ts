export { createAddresses, type OAuthAddresses } from './addresses.ts';
export type { AuthorizePages, NoRecordPage, RecordChoicePage } from './authorize/pages.ts';
export { FetchError, type SafeFetchOptions, safeFetch } from './clients/safe-fetch.ts';
export { type DataGroup, summarizeAccess, summarizeChoices } from './consent/access-summary.ts';
export { displayAppName, parsePolicyLink, type RequestingApp } from './consent/app-description.ts';
export { hasGroupSwitch } from './consent/category-groups.ts';
export type { ConsentItem, ConsentItemGroup } from './consent/consent-items.ts';
export { listSharedData } from './consent/consent-items.ts';
export { buildConsentPreview, type ConsentPreviewOptions } from './consent/consent-preview.ts';
export { MAX_COUNTED_ENTRIES } from './consent/count-entries.ts';
export { endGrantBefore, endTokensBefore } from './consent/end-access-before.ts';
export { endAllGrantsOfAccount } from './consent/end-all-grants.ts';
export { eraseGrants } from './consent/erase-grants.ts';
export { deleteConsentsOfAccounts } from './consent/forget-accounts.ts';
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
export { createOAuth, type OAuthModule } from './create-oauth.ts';
export { encryptedSigningKeys } from './keys/encrypted-signing-keys.ts';
export { listSigningKeys, type SigningKeyring } from './keys/keyring.ts';
export { ensureSigningKeys, rotateSigningKeys } from './keys/signing-key-store.ts';
export type { LaunchPage, LaunchPages } from './launch/pages.ts';
export type { LaunchEncounter, OAuthClients, ServedTypes } from './ports.ts';
export { findGrantableScopes, SUPPORTED_NAMED_SCOPES, scopedTypes } from './scopes/grantable-scopes.ts';
export {
  ACCOMPANIED_CATEGORIES,
  DATA_CATEGORIES,
  type DataCategory,
  RESOURCE_CATEGORIES,
  SUPPORTING_TYPES,
} from './scopes/resource-categories.ts';
export { type ActiveAccess, type ConnectedApp, findActiveAccess, listConnectedApps } from './token/active-access.ts';
export { countActiveTokens, countConsentingPatients } from './token/count-active.ts';
export { createTokenCache } from './token/token-cache.ts';
export {
  deleteExpiredTokens,
  endFamiliesInBrowser,
  listFamilyIds,
  REVOKED_BY_APP_REASON,
} from './token/token-families.ts';
