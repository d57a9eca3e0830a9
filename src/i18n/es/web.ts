import type { WebMessages } from '../en/web.ts';
import { activity } from './developer-portal/activity.ts';
import { apps } from './developer-portal/apps.ts';
import { errors } from './developer-portal/errors.ts';
import { explorer } from './developer-portal/explorer.ts';
import { guides } from './developer-portal/guides.ts';
import { home } from './developer-portal/home.ts';
import { madeUp } from './developer-portal/made-up.ts';
import { notifications } from './developer-portal/notifications.ts';
import { organisation } from './developer-portal/organisation.ts';
import { shell } from './portal-shell.ts';
import { reviewDeadline } from './review-deadline.ts';

export const webEs: WebMessages = {
  activity,
  apps,
  errors,
  explorer,
  guides,
  home,
  madeUp,
  notifications,
  organisation,
  reviewDeadline,
  shell,
};
