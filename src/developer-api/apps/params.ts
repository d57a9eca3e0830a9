import { AppParams } from '../../portal-api/index.ts';

/** Common schema of routes about one app. */
export const appRouteSchema = (summary: string) => ({ tags: ['apps'], summary, params: AppParams });
