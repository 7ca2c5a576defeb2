// Roles of the tenant's own: made by keyboard, given to somebody, who sees what it allows and nothing else.

import type { Browser, Page } from "@playwright/test";
import { API, read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { postOffice } from "./support/mail";
import { hydrated, inspect, open, toast } from "./support/page";
import { PASSWORD, member } from "./support/people";
import { expect, test } from "./support/signed-in";

/** The page of somebody who joins by a link, and what it asks of the server in vain. */
async function joined(browser: Browser, link: string, name: string) {
  const context = await browser.newContext({ baseURL: process.env.BASE_URL });
  const page = await context.newPage();
  const refused: string[] = [];
  page.on("response", (answer) => {
    if (answer.status() >= 400) refused.push(`${answer.status()} ${answer.url()}`);
  });
  await page.goto(link);
  await hydrated(page);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page).toHaveURL("/");
  await hydrated(page);
  return { page, refused };
}

const area = (page: Page, name: string) => page.getByRole("dialog").getByRole("radiogroup", { name: new RegExp(`^${name}`) });
const card = (page: Page, name: string) => page.locator("li[data-role]").filter({ hasText: name });

test("a role is made, given, changed and deleted", async ({ page, http, browser, watch }) => {
  test.slow();
  watch.expectStatus(409, /roles\/delete/);
  await arrange.imported(http);
  const name = `Night shift ${Date.now()}`;
  const email = `kim.${Date.now()}@northwind.example`;
  await open(page, "/");
  await page.getByLabel(/^Account of/).click();
  await page.getByRole("link", { name: "Roles" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Roles" })).toBeVisible();
  await expect(card(page, "Administrator")).toContainText("Manages: integrations, mappings, companies, devices, reports, users, settings");
  await page.getByRole("button", { name: "New role" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByRole("dialog").getByLabel("Description").fill("Looks after devices while the others sleep.");
  // By keyboard: the arrows move within an area.
  await area(page, "Companies").getByRole("radio", { name: "View" }).focus();
  await page.keyboard.press("ArrowLeft");
  await expect(area(page, "Companies").getByRole("radio", { name: "Nothing" })).toBeChecked();
  await expect(page.getByRole("dialog")).toContainText("Let the role view companies, too.");
  await page.keyboard.press("ArrowRight");
  await expect(area(page, "Companies").getByRole("radio", { name: "View" })).toBeChecked();
  await area(page, "Devices").getByRole("radio", { name: "Manage" }).check();
  await inspect(page, "35-role");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(toast(page, `The role ${name} is saved`)).toBeVisible();
  await expect(card(page, name)).toContainText("Manages: devices");
  await inspect(page, "35-roles");

  const post = await postOffice();
  await open(page, "/settings/users");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByRole("dialog").getByLabel("Email").fill(email);
  await page.getByRole("dialog").getByLabel("Role").selectOption({ label: name });
  await page.getByRole("dialog").getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page.getByRole("dialog", { name: `Invitation for ${email}` })).toBeVisible();
  const { page: kim, refused } = await joined(browser, await post.link(email, "invite"), "Kim");
  await post.close();
  const nav = kim.getByRole("navigation", { name: "Main" }).filter({ visible: true }).getByRole("link");
  await expect(nav).toHaveText([/MSPortal/, "Home", "Devices", "Companies", "Device types", "Why?"]);
  await inspect(kim, "35-home");
  for (const [address, button] of [["/devices", "Add device"], ["/companies", ""], ["/device-types", "New device type"], ["/why", ""]]) {
    await open(kim, address);
    await expect(kim.getByRole("heading", { level: 1 })).toBeVisible();
    if (button) await expect(kim.getByRole("button", { name: button }).or(kim.getByRole("link", { name: button })).first()).toBeVisible();
  }
  await open(kim, "/companies");
  await expect(kim.getByRole("button", { name: "New company" })).toHaveCount(0);
  await kim.locator("tbody th a").first().click();
  await expect(kim.getByRole("navigation", { name: "Breadcrumb" })).toBeVisible();
  await open(kim, "/devices");
  await kim.locator("tbody th a").first().click();
  await expect(kim).toHaveURL(/\/devices\/.+/);
  await kim.waitForLoadState("networkidle");
  expect(refused, "asked for what the role does not allow").toEqual([]);
  await open(kim, "/reports");
  await expect(kim.getByText("You may not see this page")).toBeVisible();
  await inspect(kim, "35-not-allowed");
  for (const address of ["/reports", `${API}/reports/summary`]) {
    expect((await kim.request.get(address)).status(), address).toBe(403);
  }

  // It counts at once, for somebody who is signed in: they sign in again.
  const role = (await read(http, "roles/list")).find((r: { name: string }) => r.name === name);
  await write(http, "roles/update", { role_id: role.role, name, permissions: { ...role.permissions, devices: "none", reports: "read" } });
  await kim.goto("/reports");
  await expect(kim).toHaveURL(/\/sign-in/);
  await write(kim.request, "session/sign_in", { email, password: PASSWORD });
  await open(kim, "/reports");
  await expect(kim.getByRole("heading", { level: 1, name: "Reports" })).toBeVisible();
  expect((await kim.request.get(`${API}/devices/list`)).status()).toBe(403);

  await open(page, "/settings/roles");
  await page.getByRole("button", { name: `Delete ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("is in use: Kim");
  await page.getByRole("dialog").getByLabel("Give them").selectOption({ label: "May view" });
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(toast(page, `The role ${name} is deleted`)).toBeVisible();
  await expect(card(page, name)).toHaveCount(0);
  await kim.goto("/");
  await expect(kim, "signed out by the new role").toHaveURL("/sign-in");
  await kim.context().close();
});

test("who may see users and settings alone finds the way there on the home page", async ({ http, browser, watch }) => {
  const none = { integrations: "none", mappings: "none", companies: "none", devices: "none", reports: "none" };
  const permissions = { ...none, users: "read", settings: "read" };
  const role = await write(http, "roles/create", { name: `Auditor ${Date.now()}`, permissions });
  const kim = await member(browser, http, role.role);
  watch.on(kim.context());
  await open(kim, "/");
  const places = kim.getByRole("list", { name: "What you may see" }).getByRole("link");
  await expect(places).toHaveText(["Users", "Roles", "Audit log"]);
  await inspect(kim, "35-home-settings");
  for (const name of ["Users", "Roles", "Audit log"]) {
    await open(kim, "/");
    await places.filter({ hasText: name }).click();
    await expect(kim.getByRole("heading", { level: 1, name })).toBeVisible();
  }
  await kim.context().close();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("roles can be read", async ({ page, watch }) => {
    watch.expectFailure(/\/pkg\/msportal\.js$/);
    await page.goto("/settings/roles");
    await expect(card(page, "May view and change")).toContainText("Views: integrations");
  });
});
