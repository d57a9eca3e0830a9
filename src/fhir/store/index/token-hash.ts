import { sha256 } from '../../../kernel/index.ts';
import type { ReferenceValue } from '../../model/condition.ts';
import type { TokenValue } from '../../model/search-parameter.ts';
import { uriAncestors } from '../../search/values/uri-hierarchy.ts';
import { memoize, memoizeBy } from './memoize.ts';

/**
 * 64 bits of a SHA-256 digest, printed as PostgreSQL prints an int8: as text, tokens are compared and sent fastest.
 * With a million tokens in one record, the chance of a collision is below 1 in 10^12. A collision could only add a row
 * of the same patient to a result, because the record condition doesn't depend on tokens.
 */
export type IndexToken = string;

const hashToken = memoize((text): IndexToken => sha256(text).readBigInt64BE(0).toString(), 50_000);

/** Codes are compared ignoring case, as clients vary it (`lab`, `LAB`); systems are compared exactly. */
const exactToken = (name: string, system: string, code: string) =>
  hashToken(`${name}\0exact\0${system}\0${code.toLowerCase()}`);
const anySystemToken = (name: string, code: string) => hashToken(`${name}\0code\0${code.toLowerCase()}`);
const anyCodeToken = (name: string, system: string) => hashToken(`${name}\0system\0${system}`);

/**
 * Normalizes a security label, which must match however a source spells it: surrounding space is removed and the system
 * is lowercased.
 */
export const normalizeCode = ({ system, code }: TokenValue): TokenValue => ({
  system: system?.trim().toLowerCase(),
  code: code?.trim(),
});

/**
 * Returns a token for each form of search that finds this code.
 * @param implied whether the system is implied by the element, so that a search for the code without a system matches
 * as well
 */
export const codeTokens = memoizeBy(
  (name: string, { system, code }: TokenValue, implied: boolean) =>
    `${name}\0${system ?? '\0'}\0${code ?? '\0'}\0${implied}`,
  (name, { system, code }, implied): readonly IndexToken[] => {
    const ofSystem = system === undefined ? [] : [anyCodeToken(name, system)];
    if (code === undefined) return ofSystem;
    const without = implied && system !== undefined ? [exactToken(name, '', code)] : [];
    return [exactToken(name, system ?? '', code), anySystemToken(name, code), ...ofSystem, ...without];
  },
  10_000,
);

export function valueToken(name: string, { system, code }: TokenValue): IndexToken {
  if (code === undefined) return anyCodeToken(name, system ?? '');
  return system === undefined ? anySystemToken(name, code) : exactToken(name, system, code);
}

/**
 * Returns the tokens of a reference. References within the record are stored as `Type/id`. A canonical URL with a
 * version also matches a search without the version.
 */
export function referenceTokens(name: string, text: string): readonly IndexToken[] {
  const [type = '', id = '', ...rest] = text.split('/');
  if (id === '' || rest.length > 0)
    return [...new Set([text, text.replace(/\|[^|]*$/, '')])].map((one) => uriToken(name, one));
  return [referenceToken(name, { type, id }), referenceToken(name, { type: undefined, id })];
}

/** FHIR R4 search §3.1.1.4.4 (`:missing`): the token of having any value for a parameter. */
export const presenceToken = (name: string): IndexToken => hashToken(`${name}\0present`);

/** The token of a URI being this one or below it. */
export const ancestorToken = (name: string, uri: string): IndexToken => hashToken(`${name}\0below\0${uri}`);

/** Returns the ancestor tokens of a URI: of itself and of every URI it is below. */
export const ancestorTokens = memoizeBy(
  (name: string, uri: string) => `${name}\0${uri}`,
  (name, uri): readonly IndexToken[] => uriAncestors(uri).map((ancestor) => ancestorToken(name, ancestor)),
);

/** FHIR R4 search §3.1.1.4.13: URIs are compared exactly. */
export const uriToken = (name: string, uri: string): IndexToken => hashToken(`${name}\0uri\0${uri}`);

export function referenceToken(name: string, { type, id }: ReferenceValue): IndexToken {
  if (type === '') return uriToken(name, id);
  return type === undefined ? anySystemToken(name, id) : exactToken(name, type, id);
}
