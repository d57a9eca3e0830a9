import { lazy } from 'react';
import { Route, Routes } from 'react-router';

const Apps = lazy(() => import('./apps/list.tsx'));
const NewApp = lazy(() => import('./apps/new/new-app.tsx'));
const App = lazy(() => import('./apps/app/app-page.tsx'));
const Home = lazy(() => import('./home/page.tsx'));
const FromServer = lazy(() => import('./home/from-server.tsx'));
const Organisation = lazy(() => import('./organisation/page.tsx'));
const Explorer = lazy(() => import('./explorer/page.tsx'));
const ExplorerCallback = lazy(() => import('./explorer/callback.tsx'));
const TestPatients = lazy(() => import('./test-patients/page.tsx'));

/** `/developer`: each page is loaded when it is opened. */
export default function DeveloperRoom() {
  return (
    <Routes>
      <Route index element={<Home />} />
      <Route path="sign-up/*" element={<FromServer />} />
      <Route path="organisation/:organisationId?" element={<Organisation />} />
      <Route path="apps" element={<Apps />} />
      <Route path="explorer" element={<Explorer />} />
      <Route path="explorer/callback" element={<ExplorerCallback />} />
      <Route path="test-patients" element={<TestPatients />} />
      <Route path="apps/new" element={<NewApp />} />
      <Route path="apps/:clientId/:tab?" element={<App />} />
    </Routes>
  );
}
