import type { Endpoints } from './version.ts';

/** SMART App Launch 1.0 §4.1, Argonaut Data Query 1.0: where clients of before smart-configuration find the endpoints. */
export const oauthUris = ({ authorize, token, revoke }: Endpoints): object => ({
  url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
  extension: [
    { url: 'authorize', valueUri: authorize },
    { url: 'token', valueUri: token },
    { url: 'revoke', valueUri: revoke },
  ],
});
