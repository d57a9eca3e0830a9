export { type Addresses, addressesOf } from './addresses.ts';
export { policyOf, shownName } from './authorize/asking-app.ts';
export { type AuthorizeDeps, authorizeRoutes } from './authorize/routes.ts';
export { type ClientAuthDeps, clientAuthDeps } from './client/client-authentication.ts';
export { type RateLimit, rateLimit } from './client/rate-limit.ts';
export { FetchFault, type FetchOptions, safeFetch } from './client/safe-fetch.ts';
export { sweepSeen } from './client/seen-once.ts';
export { askedKinds } from './consent/asked-kinds.ts';
export { ALL_KINDS, CATEGORIES, categoryOf, GOES_WITH, type KindName, SUPPORTING } from './consent/categories.ts';
export { endAllGrants } from './consent/end-all.ts';
export { sharedKinds } from './consent/lines.ts';
export { type PreviewOf, previewOf } from './consent/preview.ts';
export {
  type EndedBy,
  endAccessOfApp,
  endAccessOn,
  endAccessTo,
  endGrant,
  type ListedGrant,
  listGrants,
} from './consent/store.ts';
export { type Keyring, listKeys, openKeyring } from './keys/keyring.ts';
export { ensureKeys, rotateKeys } from './keys/store.ts';
export { practiceOfLaunch } from './launch/practice-of.ts';
export { launchRoutes } from './launch/routes.ts';
export { sweepLaunches } from './launch/store.ts';
export { discoveryRoutes, issuerRoutes, type MetadataDeps, rootDiscoveryRoutes } from './metadata.ts';
export { parDeps, parRoutes } from './par/routes.ts';
export { sweepPushed } from './par/store.ts';
export { leaveJsonUnread } from './parameters.ts';
export type {
  AppLog,
  AskingApp,
  Client,
  Clients,
  ConsentGroup,
  ConsentLine,
  ConsentPage,
  LaunchEncounter,
  LaunchPage,
  NoRecordPage,
  OAuthAudit,
  OAuthPages,
  ReceiptMail,
  Receipts,
  RecordChoicePage,
  Records,
  Refusal,
  SensitiveLabel,
  ServedTypes,
  ShareableRecord,
  Visitors,
} from './ports.ts';
export { registrationDeps, registrationRoutes } from './register/routes.ts';
export { grantable, NAMED_SCOPES, typesOf } from './scopes.ts';
export { backendGrantNow } from './token/backend-standing.ts';
export { DPOP_ALGS } from './token/dpop.ts';
export { endFamiliesIn, familiesOf, REVOKED_BY_APP, sweepTokens } from './token/families.ts';
export { openInterruptions } from './token/interruptions.ts';
export { type LiveAccess, liveAccess } from './token/live-access.ts';
export { countLiveTokens, countPatientsOf } from './token/live-count.ts';
export { openLiveTokens } from './token/live-tokens.ts';
export { type TokenDeps, tokenRoutes } from './token/routes.ts';
export { openUnprovedFailures } from './token/unproved-failures.ts';
export { type UserinfoDeps, userinfoRoutes } from './token/userinfo.ts';
export { tokenVerifier } from './token/verify.ts';
