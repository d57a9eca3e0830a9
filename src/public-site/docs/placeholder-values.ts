import { APIS } from '../../access/index.ts';
import type { Config } from '../../config/index.ts';
import { listDstu2Losses } from '../../fhir/index.ts';
import type { OAuthAddresses, ServedTypes } from '../../oauth/index.ts';
import { parameterTables, typesTable } from './data-tables.ts';
import type { PlaceholderValues } from './guide.ts';
import { granularScopeLists, scopesTable } from './scope-tables.ts';
import { code, codes, escapeMarkdown, table } from './table.ts';

export interface PlaceholderDeps {
  readonly config: Pick<Config, 'prefix' | 'brandName'>;
  readonly addresses: OAuthAddresses;
  readonly types: ServedTypes;
}

/**
 * Returns the values of the placeholders in the documentation for this server, so that readers can
 * run copied examples against this server.
 */
export function placeholderValues(
  { addresses, types, config: { prefix, brandName } }: PlaceholderDeps,
  api: ApiDescription,
): PlaceholderValues {
  const { origin, issuer, authorize, token, revoke, introspect, userinfo, par, register, jwks, fhir } = addresses;
  return {
    origin,
    host: new URL(origin).host,
    prefix,
    'guide-oauth': `${origin}${prefix}/patientoauth`,
    issuer,
    authorize,
    token,
    revoke,
    introspect,
    userinfo,
    par,
    register,
    jwks,
    ...fhir,
    brand: brandName,
    'api-r4': APIS.r4,
    'api-dstu2': APIS.dstu2,
    'scopes-by-type': scopesTable(types),
    'granular-scopes': granularScopeLists(),
    'types-in-both': typesTable(),
    'parameters-in-both': parameterTables(),
    'dstu2-losses': lossTable(),
    'api-routes': apiRoutesTable(api),
  };
}

/** The parts of an OpenAPI document that the table of routes displays. */
interface ApiDescription {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, { tags?: readonly string[]; summary?: string }>>>>;
}

/** Lists all routes of the portal's JSON API by tag, from its OpenAPI document. */
function apiRoutesTable({ paths = {} }: ApiDescription): string {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { tags, summary }]) => ({
      tag: tags?.[0] ?? 'others',
      row: [escapeMarkdown(summary ?? ''), code(`${method.toUpperCase()} ${path}`)],
    })),
  );
  const tags = [...new Set(routes.map(({ tag }) => tag))].sort();
  return tags
    .map((tag) => {
      const rows = routes.filter((route) => route.tag === tag).map(({ row }) => row);
      return `### ${capitalize(tag)}\n\n${table(['Operation', 'Request'], rows)}`;
    })
    .join('\n\n');
}

const capitalize = (tag: string): string => `${tag.charAt(0).toUpperCase()}${tag.slice(1)}`;

/**
 * Builds the table of the R4 elements that DSTU2 can't represent, by resource type. The data comes
 * from the rules of the DSTU2 converter.
 */
function lossTable(): string {
  const rows = listDstu2Losses().map(({ stored, type, elements, partly, single }) => [
    code(stored),
    code(type),
    elements.length === 0 ? 'nothing' : codes(elements),
    codes(partly),
    codes(single),
  ]);
  return table(['R4', 'DSTU2', 'Left out', 'Shown only in some cases', 'Only one shown'], rows);
}
