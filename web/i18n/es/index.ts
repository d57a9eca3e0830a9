import type { WebMessages } from '../en/index.ts';
import { activity } from './activity.ts';
import { apps } from './apps.ts';
import { errors } from './errors.ts';
import { explorer } from './explorer.ts';
import { groups } from './groups.ts';
import { home } from './home.ts';
import { operations } from './operations.ts';
import { organisation } from './organisation.ts';
import { publicPages } from './public-pages.ts';
import { review } from './review.ts';
import { shell } from './shell.ts';

export const es: WebMessages = {
  activity,
  apps,
  explorer,
  faults: errors,
  groups,
  home,
  operations,
  organisation,
  publicPages,
  review,
  shell,
};
