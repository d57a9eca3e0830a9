/** Last path segments of the pages of an app. The app's overview is at the path without such a segment. */
export const APP_TABS = ['settings', 'credentials', 'environment', 'history', 'people', 'log', 'usage'] as const;
export type AppTab = (typeof APP_TABS)[number];

/**
 * Paths of all pages of the React app below `/developer` and `/review`. web/ has a component for
 * each path, and the server responds with 404 to all others. `:tab` is one of `APP_TABS`.
 */
export const PAGES = {
  developer: {
    '': 'anyone',
    apps: 'anyone',
    'apps/new': 'anyone',
    'apps/:clientId': 'signed-in',
    'apps/:clientId/:tab': 'signed-in',
    explorer: 'anyone',
    'explorer/callback': 'anyone',
    notifications: 'signed-in',
    organisation: 'anyone',
    'organisation/:organisationId': 'signed-in',
    'test-patients': 'anyone',
  },
  review: {
    '': 'signed-in',
    apps: 'signed-in',
    'apps/:clientId': 'signed-in',
    approvals: 'signed-in',
    audit: 'signed-in',
    brands: 'signed-in',
    groups: 'signed-in',
    keys: 'signed-in',
    organisations: 'signed-in',
    settings: 'signed-in',
    status: 'signed-in',
  },
} as const satisfies Record<string, Record<string, 'anyone' | 'signed-in'>>;

export type DeveloperPath = keyof typeof PAGES.developer;
export type ReviewPath = keyof typeof PAGES.review;
