import { AppParams } from '../../portal-api/index.ts';

/** Schema that all routes about one app share. */
export const appRouteSchema = (summary: string) => ({ tags: ['apps'], summary, params: AppParams });
