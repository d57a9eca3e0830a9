import type { ApiCaller } from '../people/developer-portal.ts';

interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly items?: JsonSchema;
}

interface Operation {
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>> };
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly schema: JsonSchema;
    readonly required?: boolean;
  }[];
}

/** A route of the JSON API, with a request to it that is valid as far as its schema says. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below `/api`, with the values of its parameters. */
  readonly path: string;
  /** Method and path with the names of the parameters, as the API's description has it. */
  readonly name: string;
  readonly body: unknown;
}

/**
 * Lists the routes of the JSON API from its description, so that a test about all routes includes new ones.
 * @param values values of path parameters and fields of bodies, by name
 */
export async function listApiRoutes(
  caller: ApiCaller,
  values: Readonly<Record<string, unknown>>,
): Promise<readonly ApiRoute[]> {
  const { body } = await caller.call('GET', '/openapi.json');
  return Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => toRoute(method, path, operation, values)),
  );
}

function toRoute(
  method: string,
  path: string,
  { requestBody, parameters = [] }: Operation,
  values: Readonly<Record<string, unknown>>,
): ApiRoute {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name] ?? 1)));
  const needed = parameters.filter((one) => one.in === 'query' && one.required === true);
  const query = new URLSearchParams(needed.map((one) => [one.name, String(sample(one.schema, values, one.name))]));
  const schema = Object.values(requestBody?.content ?? {})[0]?.schema;
  return {
    method: method.toUpperCase() as ApiRoute['method'],
    path: `${filled.replace(/^\/api/, '')}${needed.length > 0 ? `?${query}` : ''}`,
    name: `${method.toUpperCase()} ${path}`,
    body: schema === undefined ? undefined : sample(schema, values),
  };
}

/** Returns a value that fits a schema, or the value that the test has for a field of this name. */
function sample(schema: JsonSchema, values: Readonly<Record<string, unknown>>, name = ''): unknown {
  if (values[name] !== undefined) return values[name];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) return sample(schema.anyOf[0] ?? {}, values);
  if (schema.type === 'object') {
    const { properties = {}, required = [] } = schema;
    return Object.fromEntries(required.map((field) => [field, sample(properties[field] ?? {}, values, field)]));
  }
  if (schema.type === 'array') return (schema.minItems ?? 0) > 0 ? [sample(schema.items ?? {}, values)] : [];
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  if (schema.type === 'boolean') return false;
  return 'made up for this test';
}
