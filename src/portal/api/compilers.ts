import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastJsonStringify, { type AnySchema } from 'fast-json-stringify';

type Check = (value: unknown) => { readonly value: unknown } | { readonly error: unknown };
type Serialize = (answer: unknown) => string;

/**
 * Compiles the schema of a request with the first request. Fastify compiles all schemas before it serves anything, which
 * takes most of a start, and a process seldom needs them all.
 */
export function checkLater(part: { readonly schema: unknown; readonly httpPart?: string }): Check {
  let check: Check | undefined;
  return (value) => {
    check ??= TypeBoxValidatorCompiler(part as never) as Check;
    return check(value);
  };
}

/** By schema: several routes answer by the same one. */
const serializers = new WeakMap<object, Serialize>();

/** The same for the schema of an answer. */
export function serializeLater({ schema }: { readonly schema: AnySchema }): Serialize {
  return (answer) => {
    const serialize = serializers.get(schema) ?? fastJsonStringify(schema);
    serializers.set(schema, serialize);
    return serialize(answer);
  };
}
