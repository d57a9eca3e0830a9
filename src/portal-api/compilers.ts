import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastJsonStringify, { type AnySchema } from 'fast-json-stringify';

type ValidateRequest = (value: unknown) => { readonly value: unknown } | { readonly error: unknown };
type SerializeResponse = (answer: unknown) => string;

/**
 * Compiles the schema of a request on its first use. Fastify would compile all schemas before the
 * server listens, which would take most of the startup time, and a process seldom needs all of
 * them.
 */
export function lazyValidator(route: { readonly schema: unknown; readonly httpPart?: string }): ValidateRequest {
  let check: ValidateRequest | undefined;
  return (value) => {
    check ??= TypeBoxValidatorCompiler(route as never) as ValidateRequest;
    return check(value);
  };
}

/** Compiled serializers by response schema. Several routes share a schema, which is compiled only once. */
const serializers = new WeakMap<object, SerializeResponse>();

/** Compiles the schema of a response when the first such response is sent. */
export function lazySerializer({ schema }: { readonly schema: AnySchema }): SerializeResponse {
  return (answer) => {
    const serialize = serializers.get(schema) ?? fastJsonStringify(schema);
    serializers.set(schema, serialize);
    return serialize(answer);
  };
}
