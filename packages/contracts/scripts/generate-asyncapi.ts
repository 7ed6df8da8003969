import { readFile, writeFile } from 'node:fs/promises';
import { asyncApiDocument } from '../dist/async-api.js';

const file = new URL('../docs/asyncapi.json', import.meta.url);
const text = `${JSON.stringify(asyncApiDocument(), null, 2)}\n`;
const known = await readFile(file, 'utf8').catch(() => '');
if (process.argv.includes('--check')) {
  if (known !== text) throw new Error('packages/contracts/docs/asyncapi.json is not up to date: run `npm run docs`.');
} else {
  await writeFile(file, text);
}
