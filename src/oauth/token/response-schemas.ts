// JSON schemas of the responses. A member that its schema doesn't list is never sent.
const TEXT = { type: 'string' } as const;
const LAUNCH_MEMBERS = {
  patient: TEXT,
  encounter: TEXT,
  need_patient_banner: { type: 'boolean' },
  smart_style_url: TEXT,
  intent: TEXT,
  fhirContext: {
    type: 'array',
    items: { type: 'object', properties: { reference: TEXT, role: TEXT }, required: ['reference'] },
  },
} as const;
/** Schema of the token response. RFC 6749 §5.1 */
export const TOKEN_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['access_token', 'token_type', 'expires_in', 'scope'],
  properties: {
    access_token: TEXT,
    token_type: TEXT,
    expires_in: { type: 'integer' },
    scope: TEXT,
    refresh_token: TEXT,
    refresh_expires_in: { type: 'integer' },
    access_grant_expiration: TEXT,
    id_token: TEXT,
    ...LAUNCH_MEMBERS,
  },
} as const;
/** Schema of the introspection response. RFC 7662 §2.2 */
export const INTROSPECTION_SCHEMA = {
  type: 'object',
  required: ['active'],
  properties: {
    active: { type: 'boolean' },
    scope: TEXT,
    client_id: TEXT,
    token_type: TEXT,
    exp: { type: 'integer' },
    iat: { type: 'integer' },
    iss: TEXT,
    aud: { type: 'array', items: TEXT },
    sub: TEXT,
    fhirUser: TEXT,
    cnf: { type: 'object', properties: { jkt: TEXT } },
    ...LAUNCH_MEMBERS,
  },
} as const;
