import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AppState } from '../domain/index.ts';
import { APP_STATES, canTransition, TRANSITIONS } from './lifecycle.ts';
import { checkRedirectUri } from './terms/check-redirect-uri.ts';

describe('the lifecycle of an app', () => {
  it('ends with retired', () => {
    expect(TRANSITIONS.retired).toEqual([]);
  });
  it('allows active only after a review or a suspension', () => {
    expect(APP_STATES.filter((state) => canTransition(state, 'active'))).toEqual(['provisional', 'suspended']);
  });
  it('stays within its states for any sequence of transitions', () => {
    const state = fc.constantFrom(...APP_STATES);
    fc.assert(
      fc.property(fc.array(state, { maxLength: 12 }), (wanted) => {
        const end = wanted.reduce<AppState>((at, to) => (canTransition(at, to) ? to : at), 'provisional');
        return APP_STATES.includes(end);
      }),
    );
  });
});

describe('RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.1: redirect URIs', () => {
  it.each([
    'https://app.example/callback',
    'https://app.example/callback?tenant=1',
    'http://localhost:3000/callback',
    'http://127.0.0.1:3000/callback',
    'http://[::1]:3000/',
    'com.example.app:/callback',
  ])('%s is accepted', (uri) => {
    expect(checkRedirectUri(uri)).toBeUndefined();
  });
  it.each([
    'https:///evil.example',
    'http://127.0.0.1./callback',
    'http://2130706433/callback',
    'app.example/callback',
    'http://app.example/callback',
    'https://app.example/#part',
    'https://app.example/*',
    'https://user:pass@app.example/',
    'https://a.example/,https://b.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'myapp:/callback',
    'https://app.example/日本',
    'https:app.example/callback',
    'https://app.example\\callback',
    'https://app.example/call back',
  ])('%s is rejected', (uri) => {
    expect(checkRedirectUri(uri)?.message).toContain(uri);
  });
});
