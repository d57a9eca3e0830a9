export { type Addresses, addressesOf } from './addresses.ts';
export { type AuthorizeDeps, authorizeRoutes } from './authorize/routes.ts';
export { type ClientAuthDeps, clientAuthDeps } from './client/client-authentication.ts';
export { sweepSeen } from './client/seen-once.ts';
export { type EndedBy, endAccessTo, endGrant, type ListedGrant, listGrants } from './consent/store.ts';
export { type Keyring, openKeyring } from './keys/keyring.ts';
export { ensureKeys, rotateKeys } from './keys/store.ts';
export { launchRoutes } from './launch/routes.ts';
export { sweepLaunches } from './launch/store.ts';
export { discoveryRoutes, issuerRoutes, type MetadataDeps, rootDiscoveryRoutes } from './metadata.ts';
export { parDeps, parRoutes } from './par/routes.ts';
export { sweepPushed } from './par/store.ts';
export type {
  AppLog,
  Client,
  Clients,
  ConsentGroup,
  ConsentLine,
  ConsentPage,
  LaunchEncounter,
  LaunchPage,
  OAuthAudit,
  OAuthPages,
  RecordChoicePage,
  Records,
  Refusal,
  ServedTypes,
  ShareableRecord,
  Visitors,
} from './ports.ts';
export { registrationDeps, registrationRoutes } from './register/routes.ts';
export { grantable } from './scopes.ts';
export { DPOP_ALGS } from './token/dpop.ts';
export { REVOKED_BY_APP, sweepTokens } from './token/families.ts';
export { type LiveAccess, liveAccess } from './token/live-access.ts';
export { openLiveTokens } from './token/live-tokens.ts';
export { type TokenDeps, tokenRoutes } from './token/routes.ts';
export { type UserinfoDeps, userinfoRoutes } from './token/userinfo.ts';
export { tokenVerifier } from './token/verify.ts';
