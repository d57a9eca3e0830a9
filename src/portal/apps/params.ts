import { Type } from 'typebox';

const AppPlace = Type.Object({ clientId: Type.String({ maxLength: 200 }) });

/** Common schema of routes about one app. */
export const ofApp = (summary: string) => ({ tags: ['apps'], summary, params: AppPlace });
