import { lazy } from 'react';
import { Route, Routes } from 'react-router';
import { ApiProblem } from '../shell/api.ts';
import { useSession } from '../shell/session.ts';
import { Failure } from '../shell/states.tsx';
import { useWords } from '../words/index.ts';

const QueuePage = lazy(() => import('./queue/page.tsx'));
const AppsPage = lazy(() => import('./apps/page.tsx'));
const AppReviewPage = lazy(() => import('./app/page.tsx'));
const GroupsPage = lazy(() => import('./groups/page.tsx'));
const OrganisationsPage = lazy(() => import('./organisations/page.tsx'));
const AuditPage = lazy(() => import('./audit/page.tsx'));
const BrandsPage = lazy(() => import('./brands/page.tsx'));
const KeysPage = lazy(() => import('./keys/page.tsx'));
const SettingsPage = lazy(() => import('./settings/page.tsx'));
const StatusPage = lazy(() => import('./status/page.tsx'));

/** `/review`, for administrators of the installation: each page is loaded when it is opened. */
export default function ReviewRoom() {
  const { failed } = useWords().shell;
  const { person } = useSession();
  if (person?.administrator !== true) return <Failure error={closed(person === null, failed)} />;
  return (
    <Routes>
      <Route index element={<QueuePage />} />
      <Route path="apps" element={<AppsPage />} />
      <Route path="apps/:clientId" element={<AppReviewPage />} />
      <Route path="organisations" element={<OrganisationsPage />} />
      <Route path="groups" element={<GroupsPage />} />
      <Route path="audit" element={<AuditPage />} />
      <Route path="brands" element={<BrandsPage />} />
      <Route path="keys" element={<KeysPage />} />
      <Route path="settings" element={<SettingsPage />} />
      <Route path="status" element={<StatusPage />} />
    </Routes>
  );
}

/** As the server would refuse each of its pages. */
const closed = (nobody: boolean, words: { readonly title: string; readonly forAdministrators: string }): ApiProblem =>
  new ApiProblem({
    type: 'about:blank',
    title: words.title,
    status: nobody ? 401 : 403,
    detail: words.forAdministrators,
    code: nobody ? 'not-signed-in' : 'wrong-account',
    request_id: '',
  });
