import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './shell/shell.css';
import { createRoot } from 'react-dom/client';
import { App } from './shell/app.tsx';

// The server was brought up to date while this page was open: what it would load next is there no longer.
window.addEventListener('vite:preloadError', () => location.reload());

const root = document.getElementById('root');
if (root === null) throw new Error('the document has no root');
createRoot(root).render(<App />);
