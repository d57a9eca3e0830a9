export { createFirstCallNotifier } from './activity/first-call-email.ts';
export { fieldsUnderReview, toDeadlineResponse, toVersionResponse } from './apps/app-responses.ts';
export { buildCatalog } from './apps/catalog.ts';
export { toDraft } from './apps/draft.ts';
export { createDeveloperApi } from './create-developer-api.ts';
