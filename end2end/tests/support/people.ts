// People beside the owner, each in a browser of their own.

import type { APIRequestContext, Browser, Page } from "@playwright/test";
import { write } from "./api";
import { postOffice } from "./mail";

export const PASSWORD = "correct horse battery";

/** Invites somebody; the path of the link in their mail. */
export async function invited(http: APIRequestContext, email: string, role: string): Promise<string> {
  const post = await postOffice();
  try {
    await write(http, "users/invite", { email, role });
    return await post.link(email, "invite");
  } finally {
    await post.close();
  }
}

/** The browser of somebody who joins by an invitation. */
export async function joined(browser: Browser, link: string, name: string) {
  const context = await browser.newContext({ baseURL: process.env.BASE_URL });
  await write(context.request, "users/accept", { token: link.split("/").pop(), name, password: PASSWORD });
  return context;
}

/** A page of a new user with this role. */
export async function member(browser: Browser, http: APIRequestContext, role: string): Promise<Page> {
  const email = `member.${Date.now()}@northwind.example`;
  const context = await joined(browser, await invited(http, email, role), "Kim Member");
  return context.newPage();
}
