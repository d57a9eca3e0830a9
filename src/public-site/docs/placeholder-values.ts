import { APIS } from '../../access/index.ts';
import type { PortalDeps } from '../../portal-api/index.ts';
import { type ApiDescription, apiRoutesTable } from './api-table.ts';
import { parameterTables, typesTable } from './data-tables.ts';
import type { PlaceholderValues } from './guide.ts';
import { lossTable } from './loss-table.ts';
import { granularScopeLists, scopesTable } from './scope-tables.ts';

/** Returns the values of this server for the placeholders, so that copied examples work here. */
export function placeholderValues(
  { addresses, prefix, types, brandName }: Pick<PortalDeps, 'addresses' | 'prefix' | 'types' | 'brandName'>,
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
