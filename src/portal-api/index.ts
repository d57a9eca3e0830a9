export type { PortalApi } from './api.ts';
export type { PortalContext } from './context.ts';
export {
  AppLogFilter,
  type AppLogItem,
  AppLogQuery,
  AppLogResponse,
  UsageQuery,
  UsageResponse,
} from './contract/activity.ts';
export {
  ApprovalDecisionResponse,
  ApprovalParams,
  type ApprovalResponse,
  ApprovalsResponse,
  ApproveRequestBody,
  type PendingApproval,
} from './contract/approvals.ts';
export {
  AddressCheckRequest,
  AddressCheckResponse,
  APP_CATEGORIES,
  AppDraft,
  AppEventResponse,
  AppParams,
  AppResponse,
  AppSummary,
  type AppVersionResponse,
  AuthMethodRequest,
  CatalogResponse,
  CodeSamplesResponse,
  DeveloperReply,
  DraftCheckQuery,
  DraftIssuesResponse,
  NewAppRequest,
  NewAppResponse,
  NewSecretRequest,
  NewSecretResponse,
  NewVersionRequest,
  NewVersionResponse,
  PreviewRequest,
  PreviewResponse,
  RequestedLanguage,
  type ReviewDeadlineResponse,
  type SecretResponse,
} from './contract/apps.ts';
export { ERROR_RESPONSES, Id, type PagingQuery } from './contract/common.ts';
export {
  ExplorerConfigResponse,
  RestoredSessionResponse,
  type TestAccount,
  TestPatientsResponse,
  type TestRecord,
} from './contract/explorer.ts';
export {
  GroupMembersRequest,
  GroupMembersResponse,
  GroupParams,
  GroupResponse,
  GroupsQuery,
  GroupsResponse,
  NewGroupRequest,
} from './contract/groups.ts';
export type { IssueCode, IssueResponse } from './contract/issues.ts';
export {
  EmailTopicsBody,
  EmailTopicsResponse,
  MarkReadRequest,
  type NotificationResponse,
  NotificationsQuery,
  NotificationsResponse,
  UnreadResponse,
} from './contract/notifications.ts';
export {
  AccountsQuery,
  AccountsResponse,
  AuditLogQuery,
  AuditLogResponse,
  JobsResponse,
  KeyRotationRequest,
  KeyRotationResponse,
  SettingsResponse,
  SigningKeysResponse,
} from './contract/operations.ts';
export {
  type JoinRequestResponse,
  MemberParams,
  type MemberResponse,
  NewOrganisationInvitationRequest,
  NewOrganisationRequest,
  OrganisationDetailResponse,
  OrganisationInvitationParams,
  OrganisationInvitationResponse,
  OrganisationParams,
  OrganisationUpdateRequest,
  type OwnJoinRequestResponse,
  OwnOrganisation,
  OwnOrganisationsResponse,
  RoleUpdateRequest,
} from './contract/organisations.ts';
export { APP_TABS, PAGES } from './contract/pages.ts';
export {
  BrandsPublishedResponse,
  BrandsResponse,
  BrandsVersionContent,
  COMPONENTS,
  DocsSearchQuery,
  DocsSearchResponse,
  ExampleAppsQuery,
  ExampleAppsResponse,
  GalleryQuery,
  GalleryResponse,
  IncidentParams,
  IncidentResponse,
  IncidentsResponse,
  IncidentUpdateRequest,
  NewIncidentRequest,
  PracticeBrandFields,
  PracticeBrandResponse,
  PracticeParams,
  StatusResponse,
  VersionParams,
} from './contract/public.ts';
export {
  AppReviewResponse,
  ApproveBody,
  AskBody,
  DecisionResponse,
  NoteBody,
  type OrganisationResponse,
  OrganisationsQuery,
  RejectBody,
  RequestLimitBody,
  RequestLimitResponse,
  ResumeBody,
  type ReviewAction,
  type ReviewCheckResponse,
  ReviewChecksResponse,
  type ReviewedApp,
  ReviewedAppsQuery,
  ReviewedAppsResponse,
  type ReviewedOrganisation,
  ReviewedOrganisationsResponse,
  ReviewNoteResponse,
  type ReviewQueueItem,
  ReviewQueueQuery,
  ReviewQueueResponse,
  StopBody,
  VerifyBody,
  VerifyOrganisationBody,
  type VersionDifference,
} from './contract/review.ts';
export { SessionResponse } from './contract/session.ts';
export { type AddPortalRoutes, createPortalApi } from './create-portal-api.ts';
export { isPlainName, normalizeLine } from './display-name.ts';
export { toFetchIssue } from './fetch-error.ts';
export type { AppAccess, DeveloperSpace, OrganisationAccess, PortalGuard, ReviewSpace } from './guard.ts';
export { lockMemberRole, missingOrNotOwn, type OrganisationRef } from './lock-member.ts';
export { type MadeUpSpaces, markMadeUp, noEmail } from './made-up-spaces.ts';
export { emailMembers } from './notification-email.ts';
export {
  type ComposeEmail,
  type EmailContent,
  type EmailRecipient,
  emailPerson,
  notifyOfJoinRequest,
  type OrganisationEmailDeps,
  organisationAddress,
  portalAddress,
  queueDeveloperEmail,
  queueSignedEmail,
} from './organisation-email.ts';
export { listOrganisationMembers, type OrganisationMember } from './organisation-members.ts';
export type { PublishedSandbox, SandboxAccount } from './sandbox.ts';
export { toTimestamp } from './timestamp.ts';
export { explorerCallback, explorerRedirects, openApiPaths, swaggerCallback, swaggerFolder } from './tool-addresses.ts';
