import { Type } from 'typebox';

const AppPlace = Type.Object({ clientId: Type.String({ maxLength: 200 }) });

/** Of a route about one app. */
export const ofApp = (summary: string) => ({ tags: ['apps'], summary, params: AppPlace });
