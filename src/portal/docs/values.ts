import { APIS } from '../../access/index.ts';
import type { PortalDeps } from '../deps.ts';
import { type ApiDescription, apiRoutes } from './api-table.ts';
import { parametersInBoth, typesInBoth } from './data-tables.ts';
import type { Values } from './guide.ts';
import { lossesByType } from './loss-tables.ts';
import { granularScopes, scopesByType } from './scope-tables.ts';

/** Returns the values of this server for the placeholders, so that copied examples work here. */
export function guideValues(
  { addresses, prefix, types, brandName }: Pick<PortalDeps, 'addresses' | 'prefix' | 'types' | 'brandName'>,
  api: ApiDescription,
): Values {
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
    'scopes-by-type': scopesByType(types),
    'granular-scopes': granularScopes(),
    'types-in-both': typesInBoth(),
    'parameters-in-both': parametersInBoth(),
    'dstu2-losses': lossesByType(),
    'api-routes': apiRoutes(api),
  };
}
