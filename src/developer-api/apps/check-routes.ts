import type { FastifyRequest } from 'fastify';
import { findOrganisation } from '../../apps/index.ts';
import {
  AddressCheckRequest,
  AddressCheckResponse,
  AppDraft,
  DraftCheckQuery,
  DraftIssuesResponse,
  ERROR_RESPONSES,
  type PortalApi,
  type PortalContext,
  PreviewRequest,
  PreviewResponse,
} from '../../portal-api/index.ts';
import type { SubmissionDeps } from '../deps.ts';
import { createAddressChecker } from './address-check.ts';
import { checkDraft } from './check-draft.ts';
import { defaultPractices } from './default-practices.ts';
import { type PreviewDeps, renderPreview } from './preview.ts';

export interface CheckRouteDeps
  extends Pick<PortalContext, 'clock' | 'guard'>,
    Pick<SubmissionDeps, 'trustedJwksHosts'>,
    PreviewDeps {}

/** Adds the routes that check the draft of an app while the developer edits it. They store nothing. */
export function checkRoutes(api: PortalApi, deps: CheckRouteDeps): void {
  const { guard } = deps;
  const addresses = createAddressChecker(deps);
  const buildSchema = <Schemas extends object>(summary: string, schemas: Schemas) => ({
    tags: ['apps'],
    summary,
    ...schemas,
  });

  const draft = buildSchema('Validate a draft of a new app or of a change, field by field', {
    body: AppDraft,
    querystring: DraftCheckQuery,
    response: { 200: DraftIssuesResponse, ...ERROR_RESPONSES },
  });
  api.post('/developer/checks/draft', { schema: draft }, async (request) => {
    const { clientId } = request.query;
    if (clientId === undefined) {
      const { db } = await guard.developerSpace(request);
      return { faults: [...(await checkDraft(db, request.body, await defaultPractices(db, request.body), deps))] };
    }
    const { app, db } = await guard.appMember(request, clientId, 'developer');
    return { faults: [...(await checkDraft(db, request.body, app, { ...deps, app }))] };
  });

  const address = buildSchema('Check whether a URL can be reached', {
    body: AddressCheckRequest,
    response: { 200: AddressCheckResponse, ...ERROR_RESPONSES },
  });
  api.post('/developer/checks/address', { schema: address }, async (request) => {
    const { accountId } = await guard.anyDeveloper(request);
    return addresses.check(accountId, request.body);
  });

  const preview = buildSchema('Preview the consent page', {
    body: PreviewRequest,
    response: { 200: PreviewResponse, ...ERROR_RESPONSES },
  });
  api.post('/developer/preview', { schema: preview }, async (request) => {
    await guard.anyDeveloper(request);
    const { draft: previewed, language } = request.body;
    return {
      html: renderPreview(deps, { draft: previewed, language, ...(await findDeveloper(request, request.body)) }),
    };
  });

  async function findDeveloper(request: FastifyRequest, { clientId, organisationId }: PreviewRequest) {
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
    const { membership, db } = await guard.member(request, organisationId, 'reader');
    const organisation = await findOrganisation(db, membership.organisationId);
    return { developer: membership.organisationName, verifiedAt: organisation?.verifiedAt ?? null };
  }
}
