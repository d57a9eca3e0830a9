import { sha256 } from '../../kernel/index.ts';
import type { ReferenceValue } from '../core/condition.ts';
import type { TokenValue } from '../core/search-parameter.ts';
import { ancestorsOf } from '../core/uri-hierarchy.ts';
import type { Code } from './elements.ts';

/**
 * A token is 64 bits of SHA-256, as PostgreSQL writes a number of type int8: as text it is compared and sent fastest.
 * Within one record the chance that two meet is below one in 10^12 at a million tokens; it would show a row of the same patient too many,
 * never one of another's: whose rows are found is no matter of tokens.
 */
export type Token = string;

const known = new Map<string, Token>();
const MOST_KNOWN = 50_000;
/** What is longer is made again each time: few codes of a record are, and a search may have thousands of letters. */
const MOST_LETTERS = 128;

function hashOf(text: string): Token {
  if (text.length > MOST_LETTERS) return shortened(text);
  const found = known.get(text);
  if (found !== undefined) return found;
  if (known.size >= MOST_KNOWN) known.clear();
  const hash = shortened(text);
  known.set(text, hash);
  return hash;
}

const shortened = (text: string): Token => sha256(text).readBigInt64BE(0).toString();

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
export function tokensOfCode(name: string, code: Code, implied: boolean): readonly Token[] {
  const text = `${name}\0${code.system ?? '\0'}\0${code.code ?? '\0'}\0${implied}`;
  const found = ofCode.get(text);
  if (found !== undefined) return found;
  const made = tokensMadeOf(name, code, implied);
  if (text.length > MOST_LETTERS) return made;
  if (ofCode.size >= MOST_CODES) ofCode.clear();
  ofCode.set(text, made);
  return made;
}
/** A load has the same codes again and again. */
const ofCode = new Map<string, readonly Token[]>();
const MOST_CODES = 10_000;

function tokensMadeOf(name: string, { system, code }: Code, implied: boolean): readonly Token[] {
  const ofSystem = system === undefined ? [] : [anyCode(name, system)];
  if (code === undefined) return ofSystem;
  const without = implied && system !== undefined ? [exact(name, '', code)] : [];
  return [exact(name, system ?? '', code), anySystem(name, code), ...ofSystem, ...without];
}

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

/** A URI and all that it is below; a load has the same profiles again and again. */
export function tokensOfAncestors(name: string, uri: string): readonly Token[] {
  const text = `${name}\0${uri}`;
  const found = ofUri.get(text);
  if (found !== undefined) return found;
  const made = ancestorsOf(uri).map((ancestor) => tokenOfAncestor(name, ancestor));
  if (text.length > MOST_LETTERS) return made;
  if (ofUri.size >= MOST_CODES) ofUri.clear();
  ofUri.set(text, made);
  return made;
}
const ofUri = new Map<string, readonly Token[]>();

/** That a URI is this one, or below it. */
export const tokenOfAncestor = (name: string, uri: string): Token => hashOf(`${name}\0below\0${uri}`);

/** A URI is compared as it is written. FHIR R4 search §3.1.1.4.13 */
export const tokenOfUri = (name: string, uri: string): Token => hashOf(`${name}\0uri\0${uri}`);

export function tokenOfReference(name: string, { type, id }: ReferenceValue): Token {
  if (type === '') return tokenOfUri(name, id);
  return type === undefined ? anySystem(name, id) : exact(name, type, id);
}
