// Users who are limited to some companies: chosen by an administrator, with the keyboard; they see these and nothing else.

import type { Page } from "@playwright/test";
import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { inspect, open, toast } from "./support/page";
import { invited, joined, member } from "./support/people";
import { expect, test } from "./support/signed-in";

const MINE = "Alder Clinic";
const ALSO = "Meridian Architects";

const row = (page: Page, name: string) => page.locator("tr[data-member-id]").filter({ hasText: name });

test("a user is limited to companies, and sees these alone", async ({ page, http, browser }) => {
  test.slow();
  await arrange.imported(http);
  const name = `Lim ${Date.now()}`;
  const email = `${name.replace(" ", ".").toLowerCase()}@northwind.example`;
  const context = await joined(browser, await invited(http, email, "manage"), name);
  const all = (await read(context.request, "companies/list")).total;
  expect(all).toBeGreaterThan(2);

  await open(page, `/settings/users?search=${encodeURIComponent(email)}`);
  await page.getByLabel(`Actions for ${name}`).click();
  await row(page, name).getByRole("button", { name: "Companies" }).click();
  const dialog = page.getByRole("dialog", { name: `Companies of ${name}` });
  await dialog.getByLabel("Companies", { exact: true }).selectOption({ label: "Only these companies" });
  await expect(dialog.getByRole("status")).toContainText("nothing is shown");
  const search = dialog.getByRole("combobox", { name: "Add a company" });
  await search.focus();
  for (const company of [MINE, ALSO]) {
    await page.keyboard.type(company.slice(0, 6));
    await expect(page.getByRole("option", { name: company })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("listitem").filter({ hasText: company })).toBeVisible();
  }
  await inspect(page, "36-companies");
  await dialog.getByRole("button", { name: `Remove ${ALSO}` }).press("Enter");
  await expect(search, "the keyboard goes on in the search").toBeFocused();
  await expect(dialog.getByRole("status")).toContainText("1 company");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(toast(page, `The companies of ${name} are saved`)).toBeVisible();
  await expect(row(page, name)).toContainText("1 company");
  await inspect(page, "36-users");

  // At once, in the browser that was signed in before.
  const theirs = await context.newPage();
  await open(theirs, "/");
  await expect(theirs.getByRole("link", { name: "Devices" }).first()).toBeVisible();
  await expect(theirs.getByRole("link", { name: "Integrations" })).toHaveCount(0);
  await expect(theirs.getByRole("heading", { name: /Compliance score/ })).toBeVisible();
  await inspect(theirs, "36-home");
  await theirs.getByRole("navigation", { name: "Main" }).first().getByRole("link", { name: "Companies" }).click();
  await expect(theirs.getByRole("link", { name: MINE })).toBeVisible();
  await expect(theirs.getByText(ALSO)).toHaveCount(0);
  await expect(theirs.getByRole("button", { name: "New company" })).toHaveCount(0);
  await theirs.getByRole("link", { name: MINE }).click();
  await expect(theirs.getByRole("heading", { level: 1, name: MINE })).toBeVisible();
  const sources = theirs.getByRole("main").getByRole("link").filter({ hasText: /runs|Map/ });
  await expect(sources, "no way to what is not theirs").toHaveCount(0);
  await inspect(theirs, "36-company");
  await open(theirs, "/devices");
  const companies = theirs.getByRole("row").filter({ has: theirs.getByRole("cell") });
  await expect(companies.first()).toContainText(MINE);
  await expect(companies.filter({ hasNotText: MINE })).toHaveCount(0);
  for (const address of ["/settings/integrations", "/duplicates", "/companies/import"]) {
    await open(theirs, address);
    await expect(theirs.getByText("You may not see this page")).toBeVisible();
  }
  const other = (await read(http, "companies/list", { search: ALSO })).items[0].id;
  const refused = await context.request.get(`/companies/${other}`);
  expect(refused.status()).toBe(404);
  await context.close();
});

test("who is limited, with a role about the whole portal, is told why there is nothing", async ({ http, browser, watch }) => {
  const none = { integrations: "none", mappings: "none", companies: "none", devices: "none", reports: "none", users: "none", settings: "none" };
  const role = await write(http, "roles/create", { name: `Auditor ${Date.now()}`, permissions: { ...none, settings: "read" } });
  const kim = await member(browser, http, role.role);
  watch.on(kim.context());
  const { user } = await read(kim.request, "session/me");
  await write(http, "users/set_companies", { user_id: user.id, companies: [] });
  await open(kim, "/");
  await expect(kim.getByText("Nothing is open to you yet")).toBeVisible();
  await expect(kim.getByRole("main")).toContainText("limited to some companies");
  await expect(kim.getByRole("list", { name: "What you may see" })).toHaveCount(0);
  await inspect(kim, "36-nothing");
  await kim.context().close();
});

test("an API token is limited to companies", async ({ page, http, playwright }) => {
  await arrange.companies(http);
  await open(page, "/settings/tokens");
  const name = `Limited ${Date.now()}`;
  await page.getByRole("button", { name: /New token|Make the first token/ }).first().click();
  const dialog = page.getByRole("dialog", { name: "New API token" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Companies", { exact: true }).selectOption({ label: "Only these companies" });
  await dialog.getByRole("combobox", { name: "Add a company" }).fill(MINE);
  await page.getByRole("option", { name: MINE }).click();
  await dialog.getByRole("button", { name: "Make the token" }).click();
  const secret = await dialog.getByTestId("secret").innerText();
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await expect(page.locator("tr[data-token-id]").filter({ hasText: name })).toContainText("1 company");
  const program = await playwright.request.newContext({
    baseURL: process.env.BASE_URL,
    extraHTTPHeaders: { authorization: `Bearer ${secret}` },
  });
  const seen = await (await program.get("/api/v1/companies/list")).json();
  expect(seen.items.map((company: { name: string }) => company.name)).toEqual([MINE]);
  expect((await program.get("/api/v1/integrations/list")).status()).toBe(403);
  await program.dispose();
});
