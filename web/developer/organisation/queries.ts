import { queryOptions } from '@tanstack/react-query';
import type { OneOrganisation, OwnOrganisations } from '../../../src/portal/contract/organisations.ts';
import { api } from '../../shell/api.ts';

export const ownQuery = queryOptions({
  queryKey: ['organisations', 'own'],
  queryFn: () => api<OwnOrganisations>('GET', '/developer/organisations'),
});

export const pathOf = (organisationId: string): string =>
  `/developer/organisations/${encodeURIComponent(organisationId)}`;

export const oneQuery = (organisationId: string) =>
  queryOptions({
    queryKey: ['organisations', 'one', organisationId],
    queryFn: () => api<OneOrganisation>('GET', pathOf(organisationId)),
  });
