import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './shell/shell.css';
import { createRoot } from 'react-dom/client';
import { App } from './shell/app.tsx';

// The server was updated while this page was open, so the files that it would load next are gone.
window.addEventListener('vite:preloadError', () => location.reload());

const root = document.getElementById('root');
if (root === null) throw new Error('the document has no root');
createRoot(root).render(<App />);
