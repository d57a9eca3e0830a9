import { type Static, Type } from 'typebox';
import { Found, Id, Moment, nullable, oneOf, PAGING } from './common.ts';

export const NOTIFICATION_KINDS = [
  'verified',
  'approved',
  'rejected',
  'asked',
  'suspended',
  'resumed',
  'retired',
  'secret-expiring',
  'errors-rising',
] as const;

/** Something that changed about an app of an organization that the developer belongs to. */
export const NotificationResponse = Type.Object({
  notificationId: Id,
  kind: oneOf(NOTIFICATION_KINDS),
  at: Moment,
  read: Type.Boolean(),
  organisationId: Id,
  clientId: Type.String(),
  appName: Type.String(),
  version: nullable(Type.Integer({ description: 'Version of the app that the reviewers decided about.' })),
  /** For `secret-expiring`: name and expiration of the secret. */
  secret: nullable(Type.Object({ name: Type.String(), expiresAt: Moment })),
  /** For `errors-rising`: the errors of an hour or day, and the shares of failed requests then and usually. */
  errors: nullable(
    Type.Object({
      period: oneOf(['hour', 'day']),
      errors: Type.Integer(),
      percent: Type.Number(),
      usualPercent: Type.Number(),
    }),
  ),
});
export type NotificationResponse = Static<typeof NotificationResponse>;

export const NotificationsQuery = Type.Object(PAGING, { additionalProperties: false });

const Unread = Type.Integer({ minimum: 0, maximum: 100, description: 'Unread notifications; 100 means 100 or more.' });

export const NotificationsResponse = Type.Object({
  notifications: Type.Array(NotificationResponse),
  found: Found,
  unread: Unread,
});
export type NotificationsResponse = Static<typeof NotificationsResponse>;

export const UnreadResponse = Type.Object({ unread: Unread });
export type UnreadResponse = Static<typeof UnreadResponse>;

export const MarkReadRequest = Type.Object(
  {
    notificationIds: Type.Optional(
      Type.Array(Id, { maxItems: 200, description: 'If omitted, all notifications are marked as read.' }),
    ),
  },
  { additionalProperties: false },
);

/** Whether the developer gets emails about each topic. */
export const EmailTopicsBody = Type.Object(
  { review: Type.Boolean(), secrets: Type.Boolean(), errors: Type.Boolean() },
  { additionalProperties: false },
);
export type EmailTopicsBody = Static<typeof EmailTopicsBody>;

export const EmailTopicsResponse = Type.Object({
  ...EmailTopicsBody.properties,
  madeUpAddress: Type.Boolean({
    description: 'Whether the developer signed up with a made-up address of the sandbox, which gets no email.',
  }),
});
export type EmailTopicsResponse = Static<typeof EmailTopicsResponse>;
