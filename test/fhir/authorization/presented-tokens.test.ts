import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../../../src/kernel/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const ALGS = 'algs="ES256 RS256"';
const PROOF = 'e30.e30.c2ln';

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir({ dpopAlgs: ['ES256', 'RS256'] });
  await server.load([patient(ANN, 'Ann')]);
  token = await server.token(ANN);
});
afterAll(() => server.close());
beforeEach(() => {
  server.presentedTokens.length = 0;
});

const send = (authorization: string | undefined, dpop?: string | string[], method: 'GET' | 'HEAD' = 'GET') =>
  server.app.inject({
    method,
    url: `/api/fhir/r4/Patient/${ANN.toUpperCase()}/?_format=json&x=a/b?c`,
    headers: { ...(authorization === undefined ? {} : { authorization }), ...(dpop === undefined ? {} : { dpop }) },
  });
const challengesOf = (answer: LightMyRequestResponse) => [answer.headers['www-authenticate']].flat();
const codeOf = (answer: LightMyRequestResponse) => answer.json().issue[0].details.coding[0].code;

describe('an access token is presented', () => {
  it('as Bearer (RFC 6750 §2.1)', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER ']) {
      expect((await send(`${scheme} ${token}`)).statusCode).toBe(200);
    }
    expect(server.presentedTokens).toHaveLength(3);
    expect(server.presentedTokens[0]).toEqual({
      scheme: 'Bearer',
      token,
      proof: undefined,
      method: 'GET',
      path: `/api/fhir/r4/Patient/${ANN.toUpperCase()}/`,
    });
  });

  it('as DPoP with a proof, method and path as they were sent (RFC 9449 §7.1)', async () => {
    expect((await send(`DPoP ${token}`, PROOF)).statusCode).toBe(200);
    expect((await send(`dpop ${token}`, PROOF, 'HEAD')).statusCode).toBe(200);
    expect(server.presentedTokens.map(({ scheme, proof, method }) => [scheme, proof, method])).toEqual([
      ['DPoP', PROOF, 'GET'],
      ['DPoP', PROOF, 'HEAD'],
    ]);
  });

  it('for the verifier to check: a proof beside Bearer, and DPoP without a proof', async () => {
    await send(`Bearer ${token}`, PROOF);
    await send(`DPoP ${token}`);
    expect(server.presentedTokens.map(({ scheme, proof }) => [scheme, proof])).toEqual([
      ['Bearer', PROOF],
      ['DPoP', undefined],
    ]);
  });
});

describe('errors are described in a challenge', () => {
  it('for both schemes, if there is no token (RFC 9449 §7.1)', async () => {
    for (const authorization of [undefined, 'DPoP', `Digest ${token}`, `DPoP ${token} ${token}`]) {
      const answer = await send(authorization);
      expect(answer.statusCode).toBe(401);
      expect(challengesOf(answer)).toEqual(['Bearer realm="Patient Access"', `DPoP realm="Patient Access", ${ALGS}`]);
    }
    expect(server.presentedTokens).toEqual([]);
  });

  it('for more than one DPoP header (RFC 9449 §4.3)', async () => {
    for (const dpop of [[PROOF, PROOF], `${PROOF}, ${PROOF}`]) {
      const answer = await send(`DPoP ${token}`, dpop);
      expect({ status: answer.statusCode, code: codeOf(answer) }).toEqual({ status: 401, code: 'invalid_dpop_proof' });
      expect(challengesOf(answer)).toEqual([
        expect.stringMatching(
          /^DPoP realm="Patient Access", error="invalid_dpop_proof", error_description="[^"\\]+", algs="ES256 RS256"$/,
        ),
      ]);
    }
    expect(server.presentedTokens).toEqual([]);
  });

  it('for the scheme that was used (RFC 6750 §3.1, RFC 9449 §7.1)', async () => {
    const [byDpop] = challengesOf(await send('DPoP stolen', PROOF));
    expect(byDpop).toMatch(/^DPoP realm="Patient Access", error="invalid_token", .*, algs="ES256 RS256"$/);
    const [byBearer] = challengesOf(await send('Bearer stolen'));
    expect(byBearer).toMatch(/^Bearer realm="Patient Access", error="invalid_token", error_description="[^"]+"$/);
    const some = await server.token(ANN, { scope: 'patient/Condition.rs' });
    const [denied] = challengesOf(await send(`DPoP ${some}`, PROOF));
    expect(denied).toMatch(/^DPoP .*error="insufficient_scope"/);
  });
});

describe('a rejection by the verifier', () => {
  it('about a proof is answered as DPoP, even if the token came as Bearer', async () => {
    const mine = await startFhir({
      dpopAlgs: ['ES256'],
      tokens: {
        async verify() {
          throw new Problem('invalid_dpop_proof', { status: 401, message: 'The proof is too old.' });
        },
        async requireStillValid() {},
      },
    });
    try {
      const answer = await mine.get('bound', '/Patient');
      expect(answer.statusCode).toBe(401);
      expect(answer.json().issue[0]).toMatchObject({ code: 'login' });
      expect(answer.headers['www-authenticate']).toBe(
        'DPoP realm="Patient Access", error="invalid_dpop_proof", error_description="The proof is too old.", algs="ES256"',
      );
    } finally {
      await mine.close();
    }
  });
});
