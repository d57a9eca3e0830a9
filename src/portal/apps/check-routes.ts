import type { FastifyRequest } from 'fastify';
import { findOrganisation } from '../../registry/index.ts';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import {
  AddressCheck,
  AddressToCheck,
  AppDraft,
  DraftQuestion,
  FaultsAnswer,
  PreviewAnswer,
  PreviewOrder,
} from '../contract/apps.ts';
import type { PortalDeps } from '../deps.ts';
import { openAddressChecks } from './address-check.ts';
import { draftFaults } from './draft-faults.ts';
import { givenAtFirst } from './given.ts';
import { previewHtml } from './preview.ts';

/** Adds the routes that check a draft while it is written. They store nothing. */
export function checkRoutes(api: Api, deps: PortalDeps): void {
  const { db, guard } = deps;
  const addresses = openAddressChecks(deps);
  const buildSchema = <Schemas extends object>(summary: string, schemas: Schemas) => ({
    tags: ['apps'],
    summary,
    ...schemas,
  });

  const draft = buildSchema('What is wrong with a draft, of a new app or as a change of one, field by field', {
    body: AppDraft,
    querystring: DraftQuestion,
    response: { 200: FaultsAnswer, ...REFUSALS },
  });
  api.post('/developer/checks/draft', { schema: draft }, async (request) => {
    await guard.developer(request);
    const { clientId } = request.query;
    if (clientId === undefined) {
      return { faults: [...(await draftFaults(db, request.body, await givenAtFirst(db, request.body), deps))] };
    }
    const { app } = await guard.appMember(request, clientId, 'developer');
    return { faults: [...(await draftFaults(db, request.body, app, { ...deps, app }))] };
  });

  const address = buildSchema('What an address answers', {
    body: AddressToCheck,
    response: { 200: AddressCheck, ...REFUSALS },
  });
  api.post('/developer/checks/address', { schema: address }, async (request) => {
    const { accountId } = await guard.developer(request);
    return addresses.check(accountId, request.body);
  });

  const preview = buildSchema('The consent page as people will see it', {
    body: PreviewOrder,
    response: { 200: PreviewAnswer, ...REFUSALS },
  });
  api.post('/developer/preview', { schema: preview }, async (request) => {
    await guard.developer(request);
    const { draft: previewed, language } = request.body;
    return { html: previewHtml(deps, { draft: previewed, language, ...(await findDeveloper(request, request.body)) }) };
  });

  async function findDeveloper(request: FastifyRequest, { clientId, organisationId }: PreviewOrder) {
    if (clientId !== undefined) {
      const { app } = await guard.appMember(request, clientId, 'reader');
      return {
        developer: app.developer,
        verifiedAt: app.verifiedAt,
        clientId: app.clientId,
        logoVersion: app.logoVersion,
      };
    }
    if (organisationId === undefined) return { developer: null, verifiedAt: null };
    const { membership } = await guard.member(request, organisationId, 'reader');
    const organisation = await findOrganisation(db, membership.organisationId);
    return { developer: membership.organisationName, verifiedAt: organisation?.verifiedAt ?? null };
  }
}
