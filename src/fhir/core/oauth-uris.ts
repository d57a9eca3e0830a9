import type { Endpoints } from './version.ts';

/** SMART App Launch 1.0 §4.1, Argonaut Data Query 1.0: where clients of before smart-configuration find the endpoints. */
export function oauthUris({ authorize, token, revoke, introspect, register }: Endpoints): object {
  const endpoints = Object.entries({ authorize, token, revoke, introspect, register });
  return {
    url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
    extension: endpoints.flatMap(([url, valueUri]) => (valueUri === undefined ? [] : [{ url, valueUri }])),
  };
}
