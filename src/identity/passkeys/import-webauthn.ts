/**
 * Imports SimpleWebAuthn when a passkey is used. It brings packages for X.509 and ASN.1, with hundreds of modules, so the
 * server starts faster without it.
 */
export const importWebAuthn = () => import('@simplewebauthn/server');
