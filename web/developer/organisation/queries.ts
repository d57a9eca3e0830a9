import { queryOptions } from '@tanstack/react-query';
import type {
  OrganisationDetailResponse,
  OwnOrganisationsResponse,
} from '../../../src/portal-api/contract/organisations.ts';
import { api } from '../../shell/api.ts';

export const membershipsQuery = queryOptions({
  queryKey: ['organisations', 'own'],
  queryFn: () => api<OwnOrganisationsResponse>('GET', '/developer/organisations'),
});

export const organisationPath = (organisationId: string): string =>
  `/developer/organisations/${encodeURIComponent(organisationId)}`;

export const organisationQuery = (organisationId: string) =>
  queryOptions({
    queryKey: ['organisations', 'one', organisationId],
    queryFn: () => api<OrganisationDetailResponse>('GET', organisationPath(organisationId)),
  });
