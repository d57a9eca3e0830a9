/** Links of `/developer` to the documentation, by page. */
export const guides = {
  title: 'Guides by task',
  pages: {
    'get-a-token': 'Get and refresh a token',
    'read-a-record': 'Read a patient’s data',
    'search-and-page': 'Search and page',
    documents: 'Read documents',
    dstu2: 'Use DSTU2',
    'handle-errors': 'Handle errors',
    revoke: 'Check and revoke access',
    'staff-launch': 'Launch from a chart',
    'backend-services': 'Backend services and export',
    'send-data': 'Send data from a practice',
    'dynamic-registration': 'Register an app by API',
    'moving-from-nextgen': 'Move from NextGen',
    enrollment: 'Enroll patients',
  },
} as const;
