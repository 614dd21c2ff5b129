// How the console is built and, while it is worked on, served. Read by Vite: `npm run build`, `npm run console`.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where a Carillon answers the development server. */
const target = process.env.CARILLON_URL ?? 'http://127.0.0.1:8080';
/** The Host header stays the browser's, as the server compares it with Origin. */
const proxy = { target, changeOrigin: false };

/**
 * What is shared is put into few files: each is a request, with headers that do not compress. `base` is what the console
 * starts with, `parts` what many pages need; what few pages need stays with them, and charts with who draws one.
 */
const chunks = [
  { name: 'base', tags: ['$initial' as const], priority: 1 },
  {
    name: 'parts',
    minShareCount: 4,
    test: (id: string) => !/chart\.js|kurkle|charts/.test(id),
  },
];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed()],
  build: {
    // Never data: URLs, which the policy of the page would refuse for most kinds.
    assetsInlineLimit: 0,
    // Assets are what browsers keep for a year; see docs/reference/console-api.md.
    assetsDir: 'assets',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
  },
  server: { proxy: { '/api': proxy, '/admin/api': proxy, '/console/api': proxy, '/docs': proxy } },
});

/** Leaves `.br` and `.gz` beside every file that compresses, so that the server compresses nothing. */
function compressed(): Plugin {
  const brotli = promisify(brotliCompress);
  const zip = promisify(gzip);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  return {
    name: 'compressed',
    apply: 'build',
    async writeBundle({ dir }) {
      const folder = join(dir!, 'assets');
      for (const name of await readdir(folder)) {
        if (!/\.(js|css|svg|json)$/.test(name)) continue;
        const content = await readFile(join(folder, name));
        if (content.length < 1024) continue;
        await writeFile(join(folder, `${name}.br`), await brotli(content, quality));
        await writeFile(join(folder, `${name}.gz`), await zip(content, { level: 9 }));
      }
    },
  };
}
