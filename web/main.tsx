import './shell/component-styles.ts';
import './shell/shell.css';
import { createRoot } from 'react-dom/client';
import { App } from './shell/app.tsx';

// Reloads the page if a script file can't be loaded, which Vite reports as this error. That happens
// if the server was updated while the page was open, because the files of the old version no longer
// exist.
window.addEventListener('vite:preloadError', () => location.reload());

const root = document.getElementById('root');
if (root === null) throw new Error('the document has no root');
createRoot(root).render(<App />);
