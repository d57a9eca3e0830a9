import { sha256 } from '../../kernel/index.ts';
import type { ReferenceValue } from '../core/condition.ts';
import type { TokenValue } from '../core/search-parameter.ts';
import { ancestorsOf } from '../core/uri-hierarchy.ts';
import type { Code } from './elements.ts';
import { remembered, rememberedBy } from './remembered.ts';

/**
 * 64 bits of a SHA-256 digest, printed as PostgreSQL prints an int8: as text, tokens are compared and sent fastest.
 * With a million tokens in one record, the chance of a collision is below 1 in 10^12. A collision could only add a row
 * of the same patient to a result, because the record condition doesn't depend on tokens.
 */
export type Token = string;

const hashOf = remembered((text): Token => sha256(text).readBigInt64BE(0).toString(), 50_000);

/** Codes are compared ignoring case, as clients vary it (`lab`, `LAB`); systems are compared exactly. */
const exact = (name: string, system: string, code: string) =>
  hashOf(`${name}\0exact\0${system}\0${code.toLowerCase()}`);
const anySystem = (name: string, code: string) => hashOf(`${name}\0code\0${code.toLowerCase()}`);
const anyCode = (name: string, system: string) => hashOf(`${name}\0system\0${system}`);

/**
 * Normalizes a security label, which must match however a source spells it: surrounding space is removed and the system
 * is lowercased.
 */
export const foldedCode = ({ system, code }: Code): Code => ({
  system: system?.trim().toLowerCase(),
  code: code?.trim(),
});

/**
 * Returns a token for each form of search that finds this code.
 * @param implied whether the system is implied by the element, so that a search for the code without a system matches
 * as well
 */
export const tokensOfCode = rememberedBy(
  (name: string, { system, code }: Code, implied: boolean) => `${name}\0${system ?? '\0'}\0${code ?? '\0'}\0${implied}`,
  (name, { system, code }, implied): readonly Token[] => {
    const ofSystem = system === undefined ? [] : [anyCode(name, system)];
    if (code === undefined) return ofSystem;
    const without = implied && system !== undefined ? [exact(name, '', code)] : [];
    return [exact(name, system ?? '', code), anySystem(name, code), ...ofSystem, ...without];
  },
  10_000,
);

export function tokenOfValue(name: string, { system, code }: TokenValue): Token {
  if (code === undefined) return anyCode(name, system ?? '');
  return system === undefined ? anySystem(name, code) : exact(name, system, code);
}

/**
 * Returns the tokens of a reference. References within the record are stored as `Type/id`. A canonical URL with a
 * version also matches a search without the version.
 */
export function tokensOfReference(name: string, text: string): readonly Token[] {
  const [type = '', id = '', ...rest] = text.split('/');
  if (id === '' || rest.length > 0)
    return [...new Set([text, text.replace(/\|[^|]*$/, '')])].map((one) => tokenOfUri(name, one));
  return [tokenOfReference(name, { type, id }), tokenOfReference(name, { type: undefined, id })];
}

/** FHIR R4 search §3.1.1.4.4 (`:missing`): the token of having any value for a parameter. */
export const tokenOfPresence = (name: string): Token => hashOf(`${name}\0present`);

/** The token of a URI being this one or below it. */
export const tokenOfAncestor = (name: string, uri: string): Token => hashOf(`${name}\0below\0${uri}`);

/** Returns the ancestor tokens of a URI: of itself and of every URI it is below. */
export const tokensOfAncestors = rememberedBy(
  (name: string, uri: string) => `${name}\0${uri}`,
  (name, uri): readonly Token[] => ancestorsOf(uri).map((ancestor) => tokenOfAncestor(name, ancestor)),
);

/** FHIR R4 search §3.1.1.4.13: URIs are compared exactly. */
export const tokenOfUri = (name: string, uri: string): Token => hashOf(`${name}\0uri\0${uri}`);

export function tokenOfReference(name: string, { type, id }: ReferenceValue): Token {
  if (type === '') return tokenOfUri(name, id);
  return type === undefined ? anySystem(name, id) : exact(name, type, id);
}
