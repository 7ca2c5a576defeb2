// `test` with a portal, and with its owner signed in: `page` in the browser, `http` as a program.

import type { APIRequestContext, Cookie } from "@playwright/test";
import { signIn } from "./arrange";
import { heal } from "./sim";
import { expect, test as watched } from "./test";

export const test = watched.extend<{ http: APIRequestContext; healed: void }, { session: Cookie[] }>({
  session: [
    async ({ playwright }, use) => {
      const http = await playwright.request.newContext({ baseURL: process.env.BASE_URL });
      await signIn(http);
      const { cookies } = await http.storageState();
      await use(cookies);
      await http.dispose();
    },
    { scope: "worker" },
  ],
  context: async ({ context, session }, use) => {
    await context.addCookies(session);
    await use(context);
  },
  http: async ({ context }, use) => use(context.request),
  // Nothing that a test breaks in the simulated account stays broken.
  healed: [
    async ({}, use) => {
      await use();
      await heal();
    },
    { auto: true },
  ],
});

export { expect };
