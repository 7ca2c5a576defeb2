// Sessions that end while a page is open: whoever sits there is led back in.

import type { Browser } from "@playwright/test";
import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { OWNER } from "./support/data";
import { hydrated, inspect, open, toast } from "./support/page";
import { expect, test } from "./support/signed-in";

/** Another browser of the owner. */
async function elsewhere(browser: Browser) {
  const context = await browser.newContext({ baseURL: process.env.BASE_URL, userAgent: "curl/8.5.0" });
  await arrange.signIn(context.request);
  return context;
}

// What these end are sessions of their own.
test.beforeEach(async ({ page, context }) => {
  await context.clearCookies();
  await arrange.signIn(page.request);
});

test("a form that is open when the session ends leads back in, and nothing typed is lost", async ({ page, browser, context, watch }) => {
  watch.expectStatus(401, /companies\/create/);
  await open(page, "/companies?sort=-name");
  await page.getByRole("button", { name: "New company" }).first().click();
  const dialog = page.getByRole("dialog");
  const name = `Kept ${Date.now().toString(36)}`;
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  const other = await elsewhere(browser);
  const own = (await read<{ id: string; present: boolean }[]>(page.request, "session/list")).find((s) => s.present);
  await write(other.request, "session/revoke", { session_id: own?.id });
  await other.close();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toContainText("You are signed out. What you typed is still here");
  await inspect(page, "38-signed-out");
  const opened = context.waitForEvent("page");
  await dialog.getByRole("link", { name: "Sign in in a new tab" }).click();
  const tab = await opened;
  await hydrated(tab);
  await tab.getByLabel("Email").fill(OWNER.email);
  await tab.getByLabel("Password").fill(OWNER.password);
  await tab.getByRole("button", { name: "Sign in" }).click();
  await expect(tab, "back to where it was").toHaveURL("/companies?sort=-name");
  await hydrated(tab);
  await tab.close();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(toast(page, `${name} is saved.`)).toBeVisible();
});

test("a search in a dropdown leads back in when the session has ended", async ({ page, browser, context, watch }) => {
  watch.expectStatus(401, /api\/v1\//);
  const { id } = await write(page.request, "companies/create", { name: `Searching ${Date.now().toString(36)}` });
  await open(page, `/companies/${id}`);
  await page.getByRole("button", { name: "Merge", exact: true }).click();
  const dialog = page.getByRole("dialog");
  const search = dialog.getByRole("combobox", { name: "Merge into" });
  await expect(search).toBeVisible();
  const other = await elsewhere(browser);
  const own = (await read<{ id: string; present: boolean }[]>(page.request, "session/list")).find((s) => s.present);
  await write(other.request, "session/revoke", { session_id: own?.id });
  await other.close();
  await search.click();
  await expect(dialog.getByRole("alert")).toContainText("You are signed out.");
  await inspect(page, "38-signed-out-search");
  const opened = context.waitForEvent("page");
  await dialog.getByRole("link", { name: "Sign in in a new tab" }).click();
  const tab = await opened;
  await hydrated(tab);
  await tab.getByLabel("Email").fill(OWNER.email);
  await tab.getByLabel("Password").fill(OWNER.password);
  await tab.getByRole("button", { name: "Sign in" }).click();
  await expect(tab, "back to where it was").toHaveURL(`/companies/${id}`);
  await hydrated(tab);
  await tab.close();
  await search.click();
  await expect(dialog.getByRole("option").first()).toBeVisible();
  await expect(dialog.getByRole("alert")).toHaveCount(0);
});

test("what is done without a form when the session has ended leads to sign in and back", async ({ page, browser, watch }) => {
  watch.expectStatus(401, /api\/v1\//);
  const { id } = await write(page.request, "companies/create", { name: `Archived ${Date.now().toString(36)}` });
  await open(page, `/companies/${id}`);
  const other = await elsewhere(browser);
  const own = (await read<{ id: string; present: boolean }[]>(page.request, "session/list")).find((s) => s.present);
  await write(other.request, "session/revoke", { session_id: own?.id });
  await other.close();
  await page.getByRole("button", { name: "Archive", exact: true }).click();
  await toast(page, "You are signed out.").getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`/sign-in?next=%2Fcompanies%2F${id}`);
  await hydrated(page);
  await page.getByLabel("Email").fill(OWNER.email);
  await page.getByLabel("Password").fill(OWNER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`/companies/${id}`);
});
