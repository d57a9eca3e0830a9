import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: '/web/',
  publicDir: false,
  plugins: [react()],
  resolve: {
    alias: {
      // Keeps the bundler from reading the modules of all icons. The icon package has one module for each icon.
      '@tabler/icons-react': '@tabler/icons-react/dist/esm/icons/index.mjs',
      // No page uses the scroll container of tables, which brings 4 KB of code for scroll bars.
      './TableScrollContainer.mjs': path.join(import.meta.dirname, 'shell/table-scroll-container.ts'),
    },
  },
  build: {
    outDir: path.join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    chunkSizeWarningLimit: 700,
    cssCodeSplit: false,
    // Few files, so that a page needs few requests: one for all that every page needs, and one for each part of the
    // portal. A group also contains what it imports, unless a group before it does.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'shell',
              test: /rolldown.runtime|node_modules|web\/(shell|i18n)\/|src\/design\/|src\/i18n\/(language|(e.\/)?(plural|counts)|en\/(portal-shell|terms))/,
            },
            { name: 'admin', test: /web\/admin\// },
            {
              name: 'developer',
              // The explorer and the credentials of a new app share some files. Those are here, so that neither loads the other.
              test: /web\/developer\/((home|organisation|snippets)\/|explorer\/(own-app|oauth|queries|connection-store|secret-store)\.ts$|apps\/[^/]*$|[^/]*$)/,
            },
            {
              name: 'app',
              test: /web\/developer\/apps\/app\/(app-page|overview|history|environment|role-permissions)/,
            },
            { name: 'draft', test: /web\/developer\/apps\/(app|draft|new)\// },
            { name: 'activity', test: /web\/developer\/activity\// },
            { name: 'explorer', test: /web\/developer\/(explorer\/(tokens\/)?[^/]*$|test-patients\/)/ },
            { name: 'requests', test: /web\/developer\/explorer\/requests\// },
          ],
        },
      },
    },
  },
});
