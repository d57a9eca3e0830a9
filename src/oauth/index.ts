export { type Addresses, addressesOf } from './addresses.ts';
export { type AuthorizeDeps, authorizeRoutes } from './authorize/routes.ts';
export { loadSigningKeys, type SigningKey } from './keys/signing-key.ts';
export { discoveryRoutes, issuerRoutes, type MetadataDeps, rootDiscoveryRoutes } from './metadata.ts';
export type {
  Client,
  Clients,
  ConsentLine,
  ConsentPage,
  OAuthAudit,
  OAuthPages,
  Records,
  ServedTypes,
  Visitors,
} from './ports.ts';
export { type TokenDeps, tokenRoutes } from './token/routes.ts';
export { sweepTokens } from './token/store.ts';
export { tokenVerifier } from './token/verify.ts';
