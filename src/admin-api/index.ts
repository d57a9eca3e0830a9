export { createAdminApi } from './create-admin-api.ts';
