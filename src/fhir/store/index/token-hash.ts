import { sha256 } from '../../../kernel/index.ts';
import type { ReferenceValue } from '../../model/condition.ts';
import type { TokenValue } from '../../model/search-parameter.ts';
import { uriAncestors } from '../../search/values/uri-hierarchy.ts';
import { memoize, memoizeBy } from './memoize.ts';

/**
 * Hash of a search value: the first 64 bits of a SHA-256 digest, as the decimal text of an int8. PostgreSQL receives
 * and compares this form fastest. With a million hashes in one record, the chance of a collision is below 1 in 10^12. A
 * collision could only add a resource of the same patient to a search result, because the condition on the patient
 * record doesn't use hashes.
 */
export type IndexToken = string;

const hashToken = memoize((text): IndexToken => sha256(text).readBigInt64BE(0).toString(), 50_000);

/**
 * Hashes a code with its system. The case of codes is ignored, because clients vary it (`lab`, `LAB`). Systems must
 * match exactly.
 */
const exactToken = (name: string, system: string, code: string) =>
  hashToken(`${name}\0exact\0${system}\0${code.toLowerCase()}`);
const anySystemToken = (name: string, code: string) => hashToken(`${name}\0code\0${code.toLowerCase()}`);
const anyCodeToken = (name: string, system: string) => hashToken(`${name}\0system\0${system}`);

/**
 * Normalizes a security label, which must have an effect however a feed spells it: surrounding white space is removed,
 * and the system is lowercased.
 */
export const normalizeCode = ({ system, code }: TokenValue): TokenValue => ({
  system: system?.trim().toLowerCase(),
  code: code?.trim(),
});

/**
 * Returns one hash for each form of search that finds a code: `code`, `system|code` and so on.
 * @param implied true if the code's element implies the system; the code is then also found by `|code`, the search for
 * codes without a system
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
 * Returns the hashes of a reference. References within the server are hashed as `Type/id`. A canonical URL with a
 * version gets a second hash without it, for searches without the version.
 */
export function referenceTokens(name: string, text: string): readonly IndexToken[] {
  const [type = '', id = '', ...rest] = text.split('/');
  if (id === '' || rest.length > 0)
    return [...new Set([text, text.replace(/\|[^|]*$/, '')])].map((one) => uriToken(name, one));
  return [referenceToken(name, { type, id }), referenceToken(name, { type: undefined, id })];
}

/**
 * Returns the hash that says that a resource has a value for a parameter, for the search modifier `:missing` (FHIR R4
 * search §3.1.1.4.4).
 */
export const presenceToken = (name: string): IndexToken => hashToken(`${name}\0present`);

/**
 * Returns the hash that says that a resource's URI is the given one or below it in the path hierarchy, for the search
 * modifier `:below`.
 */
export const ancestorToken = (name: string, uri: string): IndexToken => hashToken(`${name}\0below\0${uri}`);

/** Returns the hashes of a URI and of all URIs above it in the path hierarchy, for the search modifier `:below`. */
export const ancestorTokens = memoizeBy(
  (name: string, uri: string) => `${name}\0${uri}`,
  (name, uri): readonly IndexToken[] => uriAncestors(uri).map((ancestor) => ancestorToken(name, ancestor)),
);

/** Returns the hash of a URI. Searches compare URIs exactly (FHIR R4 search §3.1.1.4.13). */
export const uriToken = (name: string, uri: string): IndexToken => hashToken(`${name}\0uri\0${uri}`);

export function referenceToken(name: string, { type, id }: ReferenceValue): IndexToken {
  if (type === '') return uriToken(name, id);
  return type === undefined ? anySystemToken(name, id) : exactToken(name, type, id);
}
