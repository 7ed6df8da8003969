import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { buildPages } from '../src-server/pages.ts';
import { CHROMIUM_FLAGS, findChromium } from './chromium.ts';
import { entries, session, spans } from './one-call.ts';
import { caller } from './callers.ts';
import { Answer, API_KEY, startScriptedGateway, type ScriptedGateway } from './scripted-gateway.ts';

const FOLDER = fileURLToPath(new URL('../dist', import.meta.url));
export const FIRST_PAGE = '/v1/sessions?limit=51';

export interface OpenConsole {
  gateway: ScriptedGateway;
  /** What the browser complained about: scripts that failed, files or styles that the policy forbids. */
  complaints: string[];
  newPage(): Promise<Page>;
  signIn(page: Page, path: string): Promise<unknown>;
  close(): Promise<void>;
}

/** The built console behind a scripted gateway, in a real browser. */
export async function openConsole(): Promise<OpenConsole> {
  const executablePath = findChromium(process.env);
  const pages = await buildPages({ folder: FOLDER });
  const gateway = await startScriptedGateway(await pages.listen({ host: '127.0.0.1', port: 0 }));
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  const complaints: string[] = [];
  return {
    gateway,
    complaints,
    async newPage() {
      complaints.length = 0;
      const page = await browser.newPage();
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) complaints.push(message.text());
      });
      return page;
    },
    signIn: (page, path) => page.goto(`${gateway.url}${path}#key=${API_KEY}`),
    async close() {
      await browser.close();
      await gateway.close();
      await pages.close();
    },
  };
}

/** An organization of which nothing is known but who asks. */
export function scriptNothing(gateway: ScriptedGateway): void {
  gateway.isAway = false;
  gateway.asked.length = 0;
  gateway.sent.length = 0;
  gateway.script.clear();
  gateway.script.set('/v1/caller', caller);
  gateway.script.set('/v1/sign-in', new Answer(412, { code: 'failed_precondition', message: 'No identity provider is set up.' }));
}

/** An organization with one ended call. */
export function scriptOneCall(gateway: ScriptedGateway): void {
  const call = `/v1/sessions/${session.sessionId}`;
  scriptNothing(gateway);
  gateway.script.set(FIRST_PAGE, { sessions: [session] });
  gateway.script.set(`${call}/timeline?limit=500`, { session, entries });
  gateway.script.set(`${call}/spans`, { spans });
}
