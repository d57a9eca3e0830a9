import {
  type AppNotification,
  countUnreadNotifications,
  EMAIL_TOPICS,
  listEmailTopicsOff,
  listNotifications,
  markNotificationsRead,
  setEmailTopicsOff,
} from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import { findAccountProfile } from '../../identity/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import {
  EmailTopicsBody,
  EmailTopicsResponse,
  ERROR_RESPONSES,
  MarkReadRequest,
  type NotificationResponse,
  NotificationsQuery,
  NotificationsResponse,
  type PortalApi,
  type PortalContext,
  UnreadResponse,
} from '../../portal-api/index.ts';
import { isVisitorAddress } from '../../sign-up/index.ts';

const tags = ['notifications'];
const DEFAULT_PAGE_SIZE = 50;

/** Adds the routes for a developer's notifications, and for the emails about them. */
export function notificationRoutes(api: PortalApi, { db, clock, guard }: PortalContext): void {
  const listing = {
    tags,
    summary: 'List what changed about the apps of the developer’s organizations',
    querystring: NotificationsQuery,
    response: { 200: NotificationsResponse, ...ERROR_RESPONSES },
  };
  api.get('/developer/notifications', { schema: listing }, async (request) => {
    const { session, db: space } = await guard.developerSpace(request);
    const { page = 1, limit = DEFAULT_PAGE_SIZE } = request.query;
    const { notifications, found } = await listNotifications(space, session.accountId, {
      limit,
      offset: (page - 1) * limit,
    });
    return { notifications: notifications.map(toResponse), found, ...(await countUnread(space, session.accountId)) };
  });

  const counting = {
    tags,
    summary: 'Count the unread notifications',
    response: { 200: UnreadResponse, ...ERROR_RESPONSES },
  };
  api.get('/developer/notifications/unread', { schema: counting }, async (request) => {
    const { session, db: space } = await guard.developerSpace(request);
    return countUnread(space, session.accountId);
  });

  const reading = {
    tags,
    summary: 'Mark notifications as read',
    body: MarkReadRequest,
    response: { 200: UnreadResponse, ...ERROR_RESPONSES },
  };
  api.post('/developer/notifications/read', { schema: reading }, async (request) => {
    const { session, db: space } = await guard.developerSpace(request);
    await markNotificationsRead(space, session.accountId, clock.now(), request.body.notificationIds);
    return countUnread(space, session.accountId);
  });

  emailRoutes(api, { db, guard });
}

function emailRoutes(api: PortalApi, { db, guard }: Pick<PortalContext, 'db' | 'guard'>): void {
  const response = { 200: EmailTopicsResponse, ...ERROR_RESPONSES };
  const reading = { tags, summary: 'Get which emails the developer gets', response };
  api.get('/developer/notifications/emails', { schema: reading }, async (request) => {
    const { accountId } = await guard.anyDeveloper(request);
    return readTopics(db, accountId);
  });

  const writing = { tags, summary: 'Turn emails on or off', body: EmailTopicsBody, response };
  api.put('/developer/notifications/emails', { schema: writing }, async (request) => {
    const { accountId } = await guard.developer(request);
    const off = EMAIL_TOPICS.filter((topic) => !request.body[topic]);
    await db.transaction((tx) => setEmailTopicsOff(tx, accountId, off));
    return readTopics(db, accountId);
  });
}

const countUnread = async (db: Executor, accountId: AccountId) => ({
  unread: await countUnreadNotifications(db, accountId),
});

async function readTopics(db: Executor, accountId: AccountId): Promise<EmailTopicsResponse> {
  const off = await listEmailTopicsOff(db, accountId);
  const email = (await findAccountProfile(db, accountId))?.email;
  return {
    review: !off.includes('review'),
    secrets: !off.includes('secrets'),
    errors: !off.includes('errors'),
    madeUpAddress: email !== undefined && isVisitorAddress(email),
  };
}

function toResponse({ detail, at, kind, ...rest }: AppNotification): NotificationResponse {
  const { notificationId, organisationId, clientId, appName, read } = rest;
  const { version, secret, expiresAt, ...errors } = detail;
  return {
    notificationId,
    kind,
    at: at.toISOString(),
    read,
    organisationId,
    clientId,
    appName,
    version: typeof version === 'number' ? version : null,
    secret: kind === 'secret-expiring' ? { name: String(secret), expiresAt: String(expiresAt) } : null,
    errors: kind === 'errors-rising' ? (errors as NonNullable<NotificationResponse['errors']>) : null,
  };
}
