import { Problem } from '../kernel/index.ts';

/** The parameters of a request, each at most once. RFC 6749 §3.1: "must not be included more than once". */
export type Parameters = Readonly<Record<string, string>>;

export interface ReadParameters {
  readonly values: Parameters;
  /** Names that were given more than once, with different values. */
  readonly repeated: readonly string[];
}

/**
 * Merges what the query string and the form say. A name that both carry is fine as long as they agree: clients written
 * for the guide put everything in the query of a POST. Empty values count as absent (RFC 6749 §3.1).
 */
export function readParameters(...sources: readonly unknown[]): ReadParameters {
  const values: Record<string, string> = Object.create(null);
  const repeated = new Set<string>();
  for (const source of sources) {
    for (const [name, given] of Object.entries(typeof source === 'object' && source !== null ? source : {})) {
      for (const value of Array.isArray(given) ? given : [given]) {
        if (typeof value !== 'string' || value === '') continue;
        if (values[name] !== undefined && values[name] !== value) repeated.add(name);
        values[name] ??= value;
      }
    }
  }
  return { values, repeated: [...repeated] };
}

/** For the token, revocation and introspection endpoints: a repeated parameter is refused. */
export function requireSingle(read: ReadParameters): Parameters {
  if (read.repeated.length === 0) return read.values;
  throw new Problem('invalid_request', {
    status: 400,
    message: `Sent more than once, with different values: ${read.repeated.join(', ')}. Send each parameter once.`,
  });
}
