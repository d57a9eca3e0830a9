import { type Static, Type } from 'typebox';
import { Id } from './common.ts';

export const OrganisationRoleName = Type.Union([
  Type.Literal('administrator'),
  Type.Literal('developer'),
  Type.Literal('reader'),
]);

export const MembershipResponse = Type.Object({
  organisationId: Id,
  organisationName: Type.String(),
  role: OrganisationRoleName,
  verified: Type.Boolean(),
});

export const SessionResponse = Type.Object({
  csrf: Type.String({
    description: 'Value of the header X-CSRF-Token, which every request that changes something needs.',
  }),
  language: Type.Union([Type.Literal('en'), Type.Literal('es')]),
  brandName: Type.String(),
  sandbox: Type.Boolean({ description: 'Whether the installation has a sandbox practice.' }),
  provisionalApps: Type.Union([Type.Literal('sandbox'), Type.Literal('inactive')]),
  mailLeaves: Type.Boolean({ description: 'false if emails are stored and can be read at /outbox.' }),
  addresses: Type.Object({
    issuer: Type.String(),
    authorize: Type.String(),
    token: Type.String(),
    revoke: Type.String(),
    introspect: Type.String(),
    r4: Type.String(),
    dstu2: Type.String(),
    swagger: Type.String(),
  }),
  person: Type.Union([
    Type.Null(),
    Type.Object({
      accountId: Id,
      name: Type.String(),
      kind: Type.Union([Type.Literal('patient'), Type.Literal('staff'), Type.Literal('developer')]),
      administrator: Type.Boolean({ description: 'Whether the person is an administrator of the installation.' }),
      sandboxAdministrator: Type.Boolean({
        description: 'Whether the person is the sandbox’s administrator, who reviews made-up apps only.',
      }),
      sandboxDeveloper: Type.Boolean({
        description: 'Whether the person is the sandbox’s developer, whose organization and apps are made up.',
      }),
      memberships: Type.Array(MembershipResponse),
      confirmedSeconds: Type.Integer({
        minimum: 0,
        description:
          'Seconds for which the person’s last sign-in or confirmation is recent enough for requests that need one. If 0, such requests fail with `proof-needed`.',
      }),
    }),
  ]),
});
export type SessionResponse = Static<typeof SessionResponse>;
