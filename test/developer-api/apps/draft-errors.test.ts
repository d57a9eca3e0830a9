import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webEn } from '../../../src/i18n/en/web.ts';
import { webEs } from '../../../src/i18n/es/web.ts';
import { ISSUE_PARAMETERS, type IssueCode } from '../../../src/portal-api/contract/issues.ts';
import { errorMessage } from '../../../web/i18n/error-message.ts';
import { appDraft, backendDraft, registerDraft } from '../../support/apps/app-drafts.ts';
import { submitApp } from '../../support/apps/review.ts';
import { type Developer, signInDeveloper, signInReviewer } from '../../support/people/developer-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
beforeAll(async () => {
  server = await startServer();
  dev = await signInDeveloper(server);
});
afterAll(() => server.close());

interface DraftError {
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly values?: Record<string, string>;
}
const validate = async (changes: object, query = '', of: Developer = dev) => {
  const { status, body } = await of.call('POST', `/developer/checks/draft${query}`, appDraft(changes));
  return { status, code: body.code as string, faults: (body.faults ?? []) as readonly DraftError[] };
};

describe('each error of a draft has a stable code beside its English text', () => {
  const keyed = { auth: 'private_key_jwt' } as const;
  it.each<[IssueCode, object, string, Record<string, string>?]>([
    ['name-missing', { name: ' ' }, 'name'],
    ['name-not-plain', { name: 'safe\u202eppa' }, 'name'],
    ['name-without-letter', { name: '…' }, 'name'],
    ['alphabets-mixed', { name: 'P\u0430ypal' }, 'name'],
    ['name-imitates', { name: 'The Pat1ent-Access App' }, 'name', { like: 'Patient Access' }],
    ['name-imitates', { name: 'Live-practice, secure sign-in' }, 'name', { like: 'Live practice' }],
    ['description-not-plain', { description: 'a\u202eb' }, 'description'],
    ['page-address', { policyUri: 'x' }, 'policyUri'],
    ['apis-missing', { apis: [] }, 'apis'],
    ['scopes-unknown', { scope: 'openid nonsense more' }, 'scope', { scopes: 'nonsense more' }],
    ['scopes-missing', { scope: '' }, 'scope'],
    ['scopes-too-long', { scope: `openid ${'patient/Patient.rs '.repeat(200)}` }, 'scope', { most: '3000' }],
    ['scopes-not-read', { scope: 'patient/*.cud' }, 'scope', { scopes: 'patient/*.cud' }],
    ['scopes-for-backend', { scope: 'system/*.rs' }, 'scope', { scopes: 'system/*.rs' }],
    ['scopes-for-staff', { scope: 'openid user/*.rs' }, 'scope', { scopes: 'user/*.rs' }],
    ['redirects-missing', { redirectUris: [] }, 'redirectUris'],
    ['address-not-https', { redirectUris: ['http://a.example/'] }, 'redirectUris.0', { address: 'http://a.example/' }],
    ['address-not-absolute', { redirectUris: ['a.example'] }, 'redirectUris.0', { address: 'a.example' }],
    ['address-of-no-domain', { redirectUris: ['myapp:/cb'] }, 'redirectUris.0', { address: 'myapp:/cb' }],
    ['launch-not-staff', { launchUri: 'https://a.example/' }, 'launchUri'],
    ['keys-not-used', { auth: 'none', jwksUri: 'https://a.example/jwks' }, 'auth'],
    ['keys-not-once', keyed, 'jwks'],
    ['keys-no-set', { ...keyed, jwks: {} }, 'jwks'],
    ['keys-unusable', { ...keyed, jwks: { keys: [] } }, 'jwks'],
    ['keys-private', { ...keyed, jwks: { keys: [{ d: 'x' }] } }, 'jwks'],
    ['key-address-not-https', { ...keyed, jwksUri: 'http://a.example/' }, 'jwksUri', { address: 'http://a.example/' }],
    ['question-unknown', { dataUse: { spied: 'no' } }, 'dataUse.spied'],
    ['answer-unknown', { dataUse: { sold: 'perhaps' } }, 'dataUse.sold', { answers: 'yes, no' }],
  ])('%s', async (code, changes, field, values) => {
    const { faults } = await validate(changes);
    expect(faults).toContainEqual({
      field,
      code,
      message: expect.stringMatching(/\S/),
      ...(values === undefined ? {} : { values: code === 'answer-unknown' ? expect.anything() : values }),
    });
  });

  it('errors of the request schema and of a registration have codes too', async () => {
    const long = await dev.call('POST', '/developer/checks/draft', appDraft({ name: 'x'.repeat(201) }));
    expect({ status: long.status, errors: long.body.errors }).toEqual({
      status: 400,
      errors: [
        { field: 'name', code: 'too-long', message: 'must have at most 200 characters', values: { most: '200' } },
      ],
    });
    const rejected = await dev.call('POST', '/developer/apps', {
      organisationId: dev.organisationId,
      draft: appDraft({ name: '' }),
    });
    expect(rejected.body.errors).toEqual([{ field: 'name', code: 'name-missing', message: 'An app needs a name.' }]);
  });

  it('each code has a message in both languages that uses all its parameters', () => {
    for (const [code, names] of Object.entries(ISSUE_PARAMETERS)) {
      const values = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
      for (const messages of [webEn, webEs]) {
        const message = errorMessage(messages, { code, values, message: 'of the server' });
        expect(message).not.toBe('of the server');
        for (const name of names) expect(message).toContain(`<${name}>`);
      }
      const fault = { code, values, message: '' };
      expect(errorMessage(webEs, fault)).not.toBe(errorMessage(webEn, fault));
    }
  });

  it('an error code that the pages don’t know is displayed in English', () => {
    expect(errorMessage(webEs, { code: 'came-later', message: 'Came later.' })).toBe('Came later.');
    expect(errorMessage(webEs, { code: 'constructor', message: 'Came later.' })).toBe('Came later.');
  });
});

describe('a draft of a change to an app', () => {
  it('is validated as the change would be', async () => {
    const { clientId } = await registerDraft(dev, await backendDraft());
    const body = { ...(await backendDraft()), name: 'Other' };
    expect((await validate(body, `?clientId=${clientId}`)).faults).toEqual([]);
    const { faults } = await validate({}, `?clientId=${clientId}`);
    expect(faults).toContainEqual(expect.objectContaining({ field: 'kind', code: 'kind-fixed' }));
  });

  it('is validated only for a caller who may change the app', async () => {
    const { clientId } = await registerDraft(dev);
    const reader = await signInDeveloper(server, { organisationId: dev.organisationId, role: 'reader' });
    expect(await validate({}, `?clientId=${clientId}`, reader)).toMatchObject({ status: 403, code: 'role-missing' });
    const stranger = await signInDeveloper(server);
    const rejections = await Promise.all([clientId, 'nothing'].map((id) => validate({}, `?clientId=${id}`, stranger)));
    expect(rejections).toEqual(rejections.map(() => ({ status: 404, code: 'not-found', faults: [] })));
  });
});

/** A label of a host name has at most 63 characters (RFC 1035 §2.3.4), so this name is unknown without a network too. */
const UNKNOWN_HOST = `https://${'a'.repeat(64)}.example/`;

it.each<[string, object, string, object?]>([
  ['policy', { kind: 'policy', uri: 'nothing' }, 'no-address'],
  ['policy', { kind: 'policy', uri: 'http://a.example/' }, 'not-reached', { code: 'fetch-not-https' }],
  ['jwks', { kind: 'jwks', uri: 'https://127.0.0.1/jwks' }, 'not-reached', { code: 'fetch-not-public' }],
  ['host', { kind: 'policy', uri: UNKNOWN_HOST }, 'not-reached', { code: 'fetch-no-host' }],
])('the result of a URL check (%s) has a code and a reason', async (_what, asked, finding, fault) => {
  const { body } = await dev.call('POST', '/developer/checks/address', asked);
  expect(body).toMatchObject({ ok: false, finding, message: expect.stringMatching(/\S/), ...(fault ? { fault } : {}) });
});

it('a URL check says in plain words that a host name doesn’t exist', async () => {
  const { body } = await dev.call('POST', '/developer/checks/address', { kind: 'website', uri: UNKNOWN_HOST });
  expect(body.message).toBe('We couldn’t read this URL. Its host name doesn’t exist.');
  expect(errorMessage(webEn, body.fault)).toBe('The host name doesn’t exist. Check its spelling.');
  expect(errorMessage(webEs, body.fault)).toBe('El nombre del servidor no existe. Revise cómo está escrito.');
});

describe('free text must not be blank', () => {
  const blanks = ' \n\t\u00a0';
  const blank = (field: string) => [{ field, code: 'blank', message: 'must not be empty' }];

  it('in a note, a question or a reason of an administrator', async () => {
    const { clientId } = await submitApp(server, dev, { name: 'Reviewed' });
    const { call } = await signInReviewer(server);
    for (const [action, field, body] of [
      ['notes', 'content', {}],
      ['ask', 'question', { version: 1 }],
      ['reject', 'text', { version: 1, ground: 'authenticity' }],
      ['suspend', 'text', { ground: 'security-risk' }],
      ['retire', 'text', { ground: 'security-risk' }],
    ] as const) {
      const answer = await call('POST', `/review/apps/${clientId}/${action}`, { ...body, [field]: blanks });
      expect({ status: answer.status, errors: answer.body.errors }, action).toEqual({
        status: 400,
        errors: blank(field),
      });
    }
  });

  it('in an answer of a developer', async () => {
    const { clientId } = await registerDraft(dev);
    const answer = await dev.call('POST', `/developer/apps/${clientId}/answer`, { text: blanks });
    expect({ status: answer.status, errors: answer.body.errors }).toEqual({ status: 400, errors: blank('text') });
  });
});

it('the preview of the page for staff is in the requested language', async () => {
  const staff = appDraft({ kind: 'staff', scope: 'launch user/*.rs patient/*.rs openid' });
  const html = async (language: string) =>
    (await dev.call('POST', '/developer/preview', { draft: staff, language })).body.html as string;
  expect(await html('en')).toContain('all patients');
  expect(await html('es')).toContain('lang="es"');
  expect(await html('es')).toContain('todos los pacientes');
});
