import { describe, expect, it } from 'vitest';
import { oauthUris } from './oauth-uris.ts';

const endpoints = { base: 'https://a/r4', authorize: 'https://a/1', token: 'https://a/2', revoke: 'https://a/3' };

describe('the extension oauth-uris (SMART App Launch 1.0 §4.1)', () => {
  it('lists only the endpoints that the server offers', () => {
    expect(oauthUris(endpoints)).toEqual({
      url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
      extension: [
        { url: 'authorize', valueUri: 'https://a/1' },
        { url: 'token', valueUri: 'https://a/2' },
        { url: 'revoke', valueUri: 'https://a/3' },
      ],
    });
    const more = { ...endpoints, introspect: 'https://a/4', register: undefined };
    expect(oauthUris(more)).toMatchObject({ extension: [{}, {}, {}, { url: 'introspect', valueUri: 'https://a/4' }] });
    expect(oauthUris({ ...more, register: 'https://a/5' })).toMatchObject({
      extension: [{}, {}, {}, {}, { url: 'register', valueUri: 'https://a/5' }],
    });
  });
});
