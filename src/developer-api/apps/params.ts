import { Type } from 'typebox';

const APP_PARAMS = Type.Object({ clientId: Type.String({ maxLength: 200 }) });

/** Common schema of routes about one app. */
export const appRouteSchema = (summary: string) => ({ tags: ['apps'], summary, params: APP_PARAMS });
