import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: {
    // Every browser the console supports preloads modules itself; the polyfill would be one more script.
    modulePreload: { polyfill: false },
    // A data: URL is not a file that can be cached, and the policy of the pages allows none for scripts or styles.
    assetsInlineLimit: 0,
  },
});
