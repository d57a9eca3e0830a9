import type { Endpoints } from './fhir-version.ts';

/**
 * Builds the extension `oauth-uris` of the CapabilityStatement. Clients that don't read
 * `.well-known/smart-configuration` find the OAuth endpoints there (SMART App Launch 1.0 §4.1, Argonaut Data Query
 * 1.0).
 */
export function oauthUris({ authorize, token, revoke, introspect, register }: Endpoints): object {
  const endpoints = Object.entries({ authorize, token, revoke, introspect, register });
  return {
    url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
    extension: endpoints.flatMap(([url, valueUri]) => (valueUri === undefined ? [] : [{ url, valueUri }])),
  };
}
