import { Type } from 'typebox';
import { Problem } from '../../kernel/index.ts';
import { readLogo } from '../../practices/index.ts';
import { type AppLogo, handIn, versionLogo } from '../../registry/index.ts';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import { NewVersionAnswer } from '../contract/apps.ts';
import type { PortalDeps } from '../deps.ts';
import { changeApp } from './change.ts';
import { settle } from './hand-in.ts';
import { sendLogo } from './logo-page.ts';
import { ofApp } from './params.ts';
import { noSuchThing } from './refusals.ts';
import { wantedNow } from './wanted-now.ts';

const MOST_BYTES = 256 * 1024;
const PICTURES = ['image/png', 'image/jpeg', 'image/webp'];
const response = { 200: NewVersionAnswer, ...REFUSALS };

/** Adds the routes for an app's logo. Patients recognize an app by it, so it is reviewed before they see it. */
export function logoRoutes(api: Api, deps: PortalDeps): void {
  const put = { ...ofApp('Give an app a picture: PNG, JPEG or WebP, as the body'), consumes: PICTURES, response };
  const remove = { ...ofApp('Take the picture of an app away, at once'), response };

  // Only these routes parse image bodies.
  api.register(async (scope) => {
    const imageScope: Api = scope as never;
    imageScope.addContentTypeParser(PICTURES, { parseAs: 'buffer', bodyLimit: MOST_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    imageScope.put('/developer/apps/:clientId/logo', { schema: put }, async (request) =>
      change(request, request.params.clientId, () => pictureIn(request.body)),
    );
  });
  api.delete('/developer/apps/:clientId/logo', { schema: remove }, async (request) =>
    change(request, request.params.clientId, () => null),
  );

  const base = ofApp('The picture that a version was handed in with');
  const show = {
    ...base,
    params: Type.Object({ ...base.params.properties, version: Type.Integer({ minimum: 1, maximum: 1_000_000 }) }),
    hide: true,
  };
  api.get('/developer/apps/:clientId/versions/:version/logo', { schema: show }, async (request, reply) => {
    const { clientId, version } = request.params;
    const { app } = await deps.guard.appMember(request, clientId, 'reader');
    const logo = await versionLogo(deps.db, app.clientId, version);
    if (logo === undefined) throw noSuchThing('This version has no picture.');
    return sendLogo(reply, logo);
  });

  async function change(request: Parameters<typeof changeApp>[1], clientId: string, read: () => AppLogo | null) {
    const changeRequest = { clientId, role: 'developer' } as const;
    const { result, app } = await changeApp(deps, request, changeRequest, async (changing) => {
      const { tx, app: before, by } = changing;
      const outcome = await handIn(tx, deps, before, { wanted: await wantedNow(tx, before), logo: read(), by });
      return settle(deps, changing, outcome);
    });
    return { app, ...result, clientSecret: null };
  }
}

function pictureIn(body: unknown): AppLogo {
  if (!Buffer.isBuffer(body)) {
    throw new Problem('bad-request', { status: 415, message: `Send the picture itself, as ${PICTURES.join(', ')}.` });
  }
  const logo = readLogo(body);
  if (typeof logo !== 'string') return logo;
  const fieldErrors = [{ field: 'logo', code: 'logo-refused', message: `${logo}.` }];
  throw new Problem('fields-invalid', { status: 400, message: `${logo}.`, faults: fieldErrors });
}
