import { readFile, writeFile } from 'node:fs/promises';
import { CONTROLLERS } from '../dist/controllers/all.js';
import { openApiDocument } from '../dist/http/openapi.js';

const file = new URL('../openapi.json', import.meta.url);
const text = `${JSON.stringify(openApiDocument(CONTROLLERS), null, 2)}\n`;
const known = await readFile(file, 'utf8').catch(() => '');
if (process.argv.includes('--check')) {
  if (known !== text) throw new Error('apps/gateway/openapi.json is not up to date: run `npm run docs`.');
} else {
  await writeFile(file, text);
}
