export { brandsAdminRoutes } from './brands-routes.ts';
export { groupRoutes } from './groups/routes.ts';
export { incidentRoutes } from './incident-routes.ts';
export { auditRoutes } from './operations/audit-routes.ts';
export { keyRoutes } from './operations/key-routes.ts';
export { settingRoutes } from './operations/setting-routes.ts';
export { warnOfDeadlines } from './review/deadline-warnings.ts';
export { reviewRoutes } from './review/routes.ts';
