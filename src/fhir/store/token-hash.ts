import { sha256 } from '../../kernel/index.ts';
import type { ReferenceValue } from '../core/condition.ts';
import type { TokenValue } from '../core/search-parameter.ts';
import { ancestorsOf } from '../core/uri-hierarchy.ts';
import type { Code } from './elements.ts';
import { remembered, rememberedBy } from './remembered.ts';

/**
 * A token is 64 bits of SHA-256, as PostgreSQL writes a number of type int8: as text it is compared and sent fastest.
 * Within one record the chance that two meet is below one in 10^12 at a million tokens; it would show a row of the same
 * patient too many, never one of another's: whose rows are found is no matter of tokens.
 */
export type Token = string;

const hashOf = remembered((text): Token => sha256(text).readBigInt64BE(0).toString(), 50_000);

/** Codes ignore case, as clients do (`lab`, `LAB`); systems do not. */
const exact = (name: string, system: string, code: string) =>
  hashOf(`${name}\0exact\0${system}\0${code.toLowerCase()}`);
const anySystem = (name: string, code: string) => hashOf(`${name}\0code\0${code.toLowerCase()}`);
const anyCode = (name: string, system: string) => hashOf(`${name}\0system\0${system}`);

/** However a source writes a label, it must not be missed: without space around it, and its system in any case, too. */
export const foldedCode = ({ system, code }: Code): Code => ({
  system: system?.trim().toLowerCase(),
  code: code?.trim(),
});

/** All ways in which a code can be asked for. @param implied its system is implied: it may be asked for as having none, too */
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

/** References within the record are stored as `Type/id`. Of a canonical each version is asked for without it, too. */
export function tokensOfReference(name: string, text: string): readonly Token[] {
  const [type = '', id = '', ...rest] = text.split('/');
  if (id === '' || rest.length > 0)
    return [...new Set([text, text.replace(/\|[^|]*$/, '')])].map((one) => tokenOfUri(name, one));
  return [tokenOfReference(name, { type, id }), tokenOfReference(name, { type: undefined, id })];
}

/** That a resource has a value for a parameter at all: FHIR R4 search §3.1.1.4.4, `:missing`. */
export const tokenOfPresence = (name: string): Token => hashOf(`${name}\0present`);

/** That a URI is this one, or below it. */
export const tokenOfAncestor = (name: string, uri: string): Token => hashOf(`${name}\0below\0${uri}`);

/** A URI and all that it is below. */
export const tokensOfAncestors = rememberedBy(
  (name: string, uri: string) => `${name}\0${uri}`,
  (name, uri): readonly Token[] => ancestorsOf(uri).map((ancestor) => tokenOfAncestor(name, ancestor)),
);

/** A URI is compared as it is written. FHIR R4 search §3.1.1.4.13 */
export const tokenOfUri = (name: string, uri: string): Token => hashOf(`${name}\0uri\0${uri}`);

export function tokenOfReference(name: string, { type, id }: ReferenceValue): Token {
  if (type === '') return tokenOfUri(name, id);
  return type === undefined ? anySystem(name, id) : exact(name, type, id);
}
