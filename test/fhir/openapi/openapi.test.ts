import { validate } from '@readme/openapi-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPLORER_APP } from '../../support/apps/explorer.ts';
import { connectApp, DSTU2, getFhir, R4 } from '../../support/people/patient.ts';
import { slice } from '../../support/runs/slice.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = (await connectApp(server.app, EXPLORER_APP.client(server), EXPLORER_APP.ask())).access_token;
});
afterAll(() => server.close());

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description: string;
  readonly schema: { readonly type: string; readonly enum?: readonly string[] };
  readonly examples?: { readonly example: { readonly value: string | readonly string[] } };
  readonly 'x-search-type'?: string;
}
interface Operation {
  readonly operationId: string;
  readonly security: readonly Record<string, readonly string[]>[];
  readonly parameters: readonly Parameter[];
  readonly responses: Record<string, { readonly content?: object }>;
}
interface Posted extends Operation {
  readonly requestBody: {
    readonly content: Record<string, { readonly schema: { readonly properties: Record<string, Parameter['schema']> } }>;
  };
}
interface Document {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Record<string, { readonly get: Operation; readonly post?: Posted }>;
  readonly components: {
    readonly securitySchemes: { readonly smart: { readonly flows: Record<string, unknown> } };
    readonly responses: Record<string, { readonly description: string }>;
    readonly schemas: {
      readonly OperationOutcome: { readonly properties: { readonly issue: { readonly items: Issue } } };
    };
  };
}
interface Codes {
  readonly enum: readonly string[];
}
interface Issue {
  readonly properties: {
    readonly code: Codes;
    readonly details: {
      readonly properties: { readonly coding: { readonly items: { readonly properties: { readonly code: Codes } } } };
    };
  };
}
interface Statement {
  readonly rest: readonly {
    readonly interaction?: readonly { readonly code: string }[];
    readonly compartment?: readonly string[];
    readonly operation?: readonly { readonly name: string }[];
    readonly resource: readonly {
      readonly type: string;
      readonly interaction: readonly { readonly code: string }[];
      readonly operation?: readonly { readonly name: string }[];
      readonly searchRevInclude?: readonly string[];
      readonly searchParam?: readonly {
        readonly name: string;
        readonly type: string;
        readonly documentation: string;
      }[];
    }[];
    readonly searchParam?: readonly { readonly name: string; readonly type: string; readonly documentation: string }[];
  }[];
}

const documentOf = async (version: string): Promise<Document> =>
  (await server.app.inject(`/nge/prod/fhir-api/openapi/${version}.json`)).json();
/** Paths of each FHIR interaction, relative to the path of the type. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  read: ['/{id}'],
  vread: ['/{id}/_history/{version}'],
  'history-instance': ['/{id}/_history'],
  'search-type': ['', '/_search'],
};
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  dstu2: ['/DocumentReference/$docref', '/Patient/$everything', '/Patient/{id}/$everything'],
  r4: [
    '/DocumentReference/$docref',
    '/Patient/$everything',
    '/Patient/$summary',
    '/Patient/{id}/$everything',
    '/Patient/{id}/$summary',
    '/ValueSet/$expand',
    '/ValueSet/{id}/$expand',
  ],
};
/** The CapabilityStatement of DSTU2 lists operations without the types that they belong to. */
const OF_TYPES: Readonly<Record<string, string>> = { docref: 'DocumentReference', everything: 'Patient' };
const JSON_TYPES: Readonly<Record<string, string>> = { dstu2: 'application/json+fhir', r4: 'application/fhir+json' };
interface ParametersSchema {
  readonly properties: {
    readonly parameter: {
      readonly items: { readonly properties: { readonly name: { readonly enum: readonly string[] } } };
    };
  };
}
const parametersOf = ({ name, value }: { readonly name: string; readonly value: string }): string =>
  JSON.stringify({ resourceType: 'Parameters', parameter: [{ name, valueString: value }] });
const strict = { prefer: 'handling=strict' };
const searches = (document: Document) =>
  Object.entries(document.paths).filter(([, { get }]) => get?.operationId.startsWith('search'));

/**
 * All searches that an OpenAPI document describes: one for each enumerated value of a parameter, or one with the
 * example value.
 */
const namedIn = (document: Awaited<ReturnType<typeof documentOf>>) =>
  searches(document).flatMap(([path, { get }]) =>
    get.parameters
      .filter((one) => one.in !== 'header' && one.name !== '_cursor')
      .flatMap(({ name, schema, examples }) => {
        const example = examples?.example.value ?? (schema.type === 'integer' ? '1' : undefined);
        const values = schema.enum ?? (example === undefined ? [] : [example]);
        return values.map((value) => ({ path, name, value: String(value) }));
      }),
  );

describe.each([
  ['r4', R4],
  ['dstu2', DSTU2],
])('the OpenAPI document of %s', (version, base) => {
  it('is valid, and lists the existing paths', async () => {
    const document = await documentOf(version);
    expect(await validate(structuredClone(document) as never)).toMatchObject({ valid: true, warnings: [] });
    const { publicUrl } = server.config;
    expect(document.servers).toEqual([{ url: `${publicUrl}${base}` }]);
    const oauth = `${publicUrl}/nge/prod/patient-oauth`;
    const { authorizationCode } = document.components.securitySchemes.smart.flows;
    expect(authorizationCode).toMatchObject({
      authorizationUrl: `${oauth}/authorize`,
      tokenUrl: `${oauth}/token`,
      refreshUrl: `${oauth}/token`,
    });
  });

  it('is found in any letter case of its URL, and open to other origins', async () => {
    const url = `/NGE/Prod/Fhir-API/OpenAPI/${version.toUpperCase()}.json`;
    const { statusCode, headers } = await server.app.inject({ url, headers: { origin: 'https://elsewhere.example' } });
    expect({ statusCode, accessControlAllowOrigin: headers['access-control-allow-origin'] }).toEqual({
      statusCode: 200,
      accessControlAllowOrigin: '*',
    });
  });

  it('agrees with /metadata about types and parameters', async () => {
    const document = await documentOf(version);
    const [rest] = ((await server.app.inject(`${base}/metadata`)).json() as Statement).rest;
    const { resource: resources = [], searchParam: common = [] } = rest ?? {};
    const stated = resources.flatMap(({ type, interaction }) =>
      interaction.flatMap(({ code }) => (ADDRESSES[code] ?? []).map((below) => `/${type}${below}`)),
    );
    const beside = (rest?.operation ?? []).map(({ name }) =>
      name === 'export' ? '/$export' : `/${OF_TYPES[name]}/$${name}`,
    );
    const ofTypes = resources.flatMap(({ type, operation = [] }) => operation.map(({ name }) => `/${type}/$${name}`));
    // Two implementation guides may define the same operation.
    const operations = [...new Set([...beside, ...ofTypes])];
    const documents = stated.includes('/Binary/{id}') ? ['/document/{name}'] : [];
    if (rest?.interaction?.some(({ code }) => code === 'transaction')) documents.push('/');
    if (rest?.compartment !== undefined) documents.push('/Patient/{id}/{type}');
    if (stated.includes('/Group')) documents.push('/export/{job}', '/export/{job}/{file}');
    // A CapabilityStatement doesn't say whether an operation applies to a type, to one resource, or to both.
    const named = Object.keys(document.paths).map((path) => path.replace('/{id}/$', '/$'));
    expect([...new Set(named)].sort()).toEqual([...stated, ...operations, ...documents, '/metadata'].sort());
    for (const { type, searchParam = [], searchRevInclude = [] } of resources.filter(({ type }) => type !== 'Binary')) {
      const documented = document.paths[`/${type}`]?.get.parameters ?? [];
      const ofData = documented.filter((one) => one['x-search-type'] !== undefined);
      const expected = [...searchParam, ...common].filter(({ name }) => ofData.some((one) => one.name === name));
      expect(expected.length).toBeGreaterThanOrEqual(searchParam.length);
      expect(ofData.map((one) => [one.name, one['x-search-type']]).sort()).toEqual(
        expected.map((one) => [one.name, one.type]).sort(),
      );
      for (const one of expected)
        expect(ofData.find(({ name }) => name === one.name)?.description).toContain(one.documentation);
      expect(documented.find(({ name }) => name === '_revinclude')?.schema.enum ?? []).toEqual(searchRevInclude);
    }
  });

  it('has exactly the parameters that a strict search accepts', { timeout: 120_000 }, async () => {
    const document = await documentOf(version);
    // A sample of the parameters, with each resource type and each name.
    for (const { path, name, value } of slice(namedIn(document), { kinds: ({ path, name }) => [path, name] })) {
      const query = new URLSearchParams({ [name]: value });
      const { statusCode, body } = await getFhir(server.app, `${base}${path}?${query}`, token, strict);
      expect(statusCode, `${path}?${query}: ${body}`).toBe(200);
    }
    for (const [path, { get }] of searches(document)) {
      const rejected = await getFhir(server.app, `${base}${path}?no-such=1`, token, strict);
      const [, offered = ''] = /Supported: ([^.]*)\./.exec(rejected.json().issue[0].details.text) ?? [];
      const known = offered.split(/[,;] /).map((name) => name.split('=')[0] ?? '');
      expect(get.parameters.map(({ name }) => name)).toEqual(expect.arrayContaining(known));
    }
  });

  it('accepts by POST what it accepts by GET, with the same response (FHIR R4 search §3.1.1.1)', async () => {
    const document = await documentOf(version);
    const searched = slice(searches(document));
    for (const search of searches(document)) {
      const [path, { get }] = search;
      const { post } = document.paths[`${path}/_search`] ?? {};
      const [[mediaType = '', form] = []] = Object.entries(post?.requestBody.content ?? {});
      expect(Object.keys(form?.schema.properties ?? {})).toEqual(
        get.parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      );
      expect(post?.parameters).toEqual(get.parameters.filter((one) => one.in === 'header'));
      if (!searched.includes(search)) continue;
      const [payload, url] = ['_count=1', `${base}${path}/_search`];
      const headers = { authorization: `Bearer ${token}`, 'content-type': mediaType };
      const { statusCode, body } = await server.app.inject({ method: 'POST', url, payload, headers });
      expect(statusCode, path).toBe(200);
      const byGet = await getFhir(server.app, `${base}${path}?${payload}`, token);
      expect(JSON.parse(body)).toEqual(byGet.json());
    }
  });

  it('has the parameters of an operation in its URL, a form and a Parameters resource, and all are accepted', async () => {
    const { paths } = await documentOf(version);
    const operations = Object.entries(paths).filter(([path]) => path.includes('/$') && !path.endsWith('$export'));
    expect(operations.map(([path]) => path).sort()).toEqual(OPERATIONS[version]);
    const json = JSON_TYPES[version] ?? '';
    for (const path of version === 'r4' ? ['/Patient/$export', '/Group/{id}/$export'] : []) {
      const { get, post } = paths[path] ?? {};
      const names = get?.parameters.filter((one) => one.in === 'query').map(({ name }) => name);
      const form = post?.requestBody.content['application/x-www-form-urlencoded'];
      // Patients of an export can be named only by POST.
      expect(Object.keys(form?.schema.properties ?? {})).toEqual([...(names ?? []), 'patient']);
    }
    const { id } = (await getFhir(server.app, `${base}/Patient`, token)).json().entry[0].resource;
    for (const [path, { get, post }] of operations) {
      const names = get.parameters.filter((one) => one.in === 'query').map(({ name }) => name);
      const content = post?.requestBody.content ?? {};
      expect(Object.keys(content)).toEqual(['application/x-www-form-urlencoded', json]);
      expect(Object.keys(content['application/x-www-form-urlencoded']?.schema.properties ?? {})).toEqual(names);
      const resource = content[json]?.schema as unknown as ParametersSchema;
      expect(resource.properties.parameter.items.properties.name.enum).toEqual(names);
      expect(post?.parameters).toEqual(get.parameters.filter((one) => one.in === 'path'));
      const parameter = {
        name: names.includes('url') ? 'url' : '_format',
        value: 'http://hl7.org/fhir/ValueSet/no-such',
      };
      const url = `${base}${path.replace('{id}', id)}`;
      const byGet = await getFhir(
        server.app,
        `${url}?${new URLSearchParams({ [parameter.name]: parameter.value })}`,
        token,
      );
      for (const [mediaType, payload] of [
        ['application/x-www-form-urlencoded', new URLSearchParams({ [parameter.name]: parameter.value }).toString()],
        [json, parametersOf(parameter)],
      ] as const) {
        const headers = { authorization: `Bearer ${token}`, 'content-type': mediaType };
        const posted = await server.app.inject({ method: 'POST', url, headers, payload });
        expect({ status: posted.statusCode, resourceType: posted.json().resourceType }, `${path} ${mediaType}`).toEqual(
          { status: byGet.statusCode, resourceType: byGet.json().resourceType },
        );
      }
    }
  });

  it('has examples that match the record of the first test patient, if it has such data', async () => {
    const nothing: string[] = [];
    const examples = searches(await documentOf(version)).flatMap(([path, { get }]) =>
      get.parameters.flatMap(({ name, examples }) =>
        examples === undefined ? [] : [{ path, name, value: String(examples.example.value) }],
      ),
    );
    // A sample of the examples with each resource type.
    for (const { path, name, value } of slice(examples, { kinds: ({ path }) => [path] })) {
      const query = new URLSearchParams({ [name]: value, _count: '0' });
      const { total } = (await getFhir(server.app, `${base}${path}?${query}`, token, strict)).json();
      if (total === 0) nothing.push(`${path}?${name}`);
    }
    // This patient neither has a representative nor is one.
    expect(nothing.filter((one) => !one.startsWith('/RelatedPerson'))).toEqual([]);
  });

  it('has a scope for each operation that the authorization server grants', async () => {
    const document = await documentOf(version);
    const searched = new Set(searches(document).flatMap(([, { get }]) => get.security[0]?.['smart'] ?? []));
    const { scope } = await connectApp(
      server.app,
      EXPLORER_APP.client(server),
      EXPLORER_APP.ask({ scope: ['launch/patient', ...searched].join(' ') }),
    );
    expect(new Set(scope.split(' '))).toEqual(new Set(['launch/patient', ...searched]));
  });

  it('lists only errors that its operations can return: 410 only where deletions are known', async () => {
    const { paths, components } = await documentOf(version);
    const operations = Object.values(paths).flatMap(({ get, post }) => [get, post].filter((one) => one !== undefined));
    const referred = operations.flatMap(({ responses }) =>
      Object.values(responses).flatMap((one) => ('$ref' in one ? [String(one.$ref).split('/').at(-1)] : [])),
    );
    expect(new Set(referred)).toEqual(new Set(Object.keys(components.responses)));
    const { code, details } = components.schemas.OperationOutcome.properties.issue.items.properties;
    const described = Object.values(components.responses).map(({ description }) => description);
    for (const one of details.properties.coding.items.properties.code.enum)
      expect(described.join(' ')).toMatch(new RegExp(`[ ,]${one}[,.]`));
    expect(code.enum.includes('deleted')).toBe(version === 'r4');
  });

  it('describes a read and a document that exist', async () => {
    const document = await documentOf(version);
    const found = (await getFhir(server.app, `${base}/Patient`, token)).json().entry[0].resource;
    const read = await getFhir(server.app, `${base}/Patient/${found.id}`, token);
    const types = Object.keys(document.paths['/Patient/{id}']?.get.responses['200']?.content ?? {});
    expect({ status: read.statusCode, types }).toEqual({
      status: 200,
      types: expect.arrayContaining([String(read.headers['content-type']).split(';', 1)[0]]),
    });
    expect((await getFhir(server.app, `${base}/NoSuchType`, token)).statusCode).toBe(404);
    for (const path of ['/document/none.pdf', '/Binary/none']) {
      const { code } = (await getFhir(server.app, `${base}${path}`, token)).json().issue[0];
      expect(code).toBe(document.paths['/Binary/{id}'] === undefined ? 'not-supported' : 'not-found');
    }
  });
});
