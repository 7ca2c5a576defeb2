// From an empty server to a portal with an owner, and in and out of it.

import type { Page } from "@playwright/test";
import { API } from "./support/api";
import { OWNER } from "./support/data";
import { expectFieldError, hydrated, inspect, open } from "./support/page";
import { expect, test } from "./support/test";

const CREATE = /setup\/create_portal/;
const SIGN_IN = /session\/sign_in/;

async function fillSetup(page: Page, values: Partial<typeof OWNER>) {
  if (values.portal_name !== undefined) await page.getByLabel("Portal name").fill(values.portal_name);
  if (values.name !== undefined) await page.getByLabel("Your name").fill(values.name);
  if (values.email !== undefined) await page.getByLabel("Email").fill(values.email);
  if (values.password !== undefined) await page.getByLabel("Password").fill(values.password);
}

async function signIn(page: Page, password: string) {
  await page.getByLabel("Email").fill(OWNER.email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("an empty server leads to set-up, and so does its sign-in", async ({ page }) => {
  await open(page, "/");
  await expect(page).toHaveURL("/setup");
  await expect(page.getByRole("heading", { level: 1, name: "Set up the portal" })).toBeVisible();
  await expect(page).toHaveTitle("Set up the portal - MSPortal");
  await inspect(page, "01-setup");
  await open(page, "/sign-in");
  await expect(page).toHaveURL("/setup");
});

test("set-up says at the field what is wrong and keeps what was typed", async ({ page, watch }) => {
  watch.expectStatus(422, CREATE);
  await open(page, "/setup");
  const create = page.getByRole("button", { name: "Create portal" });
  await fillSetup(page, { ...OWNER, portal_name: " ", password: "short" });
  await expect(page.getByText("Too short: at least 10 characters.")).toBeVisible();
  await create.click();
  await expectFieldError(page.getByLabel("Password"), "Choose a password of at least 10 characters.");
  // Nothing is called wrong while it is mended.
  await fillSetup(page, { password: OWNER.password });
  await expect(page.getByLabel("Password")).not.toHaveAttribute("aria-invalid", "true");
  await expect(page.getByText("Strong.")).toBeVisible();
  await create.click();
  await expectFieldError(page.getByLabel("Portal name"), "Enter a name.");
  await fillSetup(page, { name: OWNER.name });
  await expectFieldError(page.getByLabel("Portal name"), "Enter a name.");
  await expect(page.getByLabel("Password")).not.toHaveAttribute("aria-invalid", "true");
  await fillSetup(page, { portal_name: OWNER.portal_name, email: "sam" });
  await create.click();
  await expectFieldError(page.getByLabel("Email"), "Enter an e-mail address such as sam@example.com.");
  await expect(page.getByLabel("Your name")).toHaveValue(OWNER.name);
  await inspect(page, "01-setup-wrong");
});

test("the portal is created once", async ({ page }) => {
  await open(page, "/setup");
  await fillSetup(page, OWNER);
  await expect(page.getByText("Strong.")).toBeVisible();
  await page.getByRole("button", { name: "Create portal" }).click();
  await expect(page).toHaveURL("/");
  await hydrated(page);
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  await expect(page.getByRole("banner")).toContainText(OWNER.portal_name);
  await expect(page.getByText(`Welcome, ${OWNER.name}.`)).toBeVisible();
  await expect(page.getByRole("region", { name: "Set-up" }).getByRole("listitem")).toHaveCount(5);
  await inspect(page, "01-home-empty");

  const again = await page.request.post(`${API}/setup/create_portal`, { data: OWNER });
  expect(again.status()).toBe(409);
  expect((await again.json()).error).toMatchObject({
    kind: "conflict",
    message: "This portal exists already. Sign in instead.",
  });
  await open(page, "/setup");
  await expect(page).toHaveURL("/sign-in");
});

test("nothing opens without signing in, and the wrong password is refused", async ({ page, watch }) => {
  watch.expectStatus(401, SIGN_IN);
  await open(page, "/companies?search=dental");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  expect((await page.request.get(`${API}/companies/list`)).status()).toBe(401);
  await signIn(page, "not the password");
  await expect(page.getByRole("alert")).toContainText("E-mail address or password is wrong. Check both and try again.");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expect(page.getByLabel("Email")).toHaveValue(OWNER.email);
  await inspect(page, "01-sign-in-wrong");
  await page.getByLabel("Password").fill("c");
  await expect(page.getByText("E-mail address or password is wrong.")).toHaveCount(0);
  await signIn(page, OWNER.password);
  await expect(page).toHaveURL("/companies?search=dental");
  await hydrated(page);
  await expect(page.getByRole("searchbox", { name: "Search companies" })).toHaveValue("dental");
});

test("signing out ends the session", async ({ page }) => {
  await open(page, "/sign-in");
  await inspect(page, "01-sign-in");
  await signIn(page, OWNER.password);
  await expect(page).toHaveURL("/");
  await hydrated(page);
  const cookies = await page.context().cookies();
  expect(cookies.find((cookie) => cookie.name === "msportal_session")).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  await page.getByLabel(`Account of ${OWNER.name}`).click();
  await expect(page.getByText(OWNER.email)).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/sign-in");
  // The cookie of before is worth nothing now.
  await page.context().addCookies(cookies);
  expect((await page.request.get(`${API}/session/me`)).status()).toBe(401);
  await open(page, "/");
  await expect(page).toHaveURL("/sign-in");
});

test("after signing in nobody is sent to another site", async ({ page }) => {
  await open(page, `/sign-in?next=${encodeURIComponent("//evil.example/")}`);
  await signIn(page, OWNER.password);
  await expect(page).toHaveURL("/");
});

test("an address that leads nowhere says so", async ({ page, watch }) => {
  watch.expectStatus(404, /no-such-page/);
  const answer = await page.goto("/no-such-page");
  expect(answer?.status()).toBe(404);
  await hydrated(page);
  await expect(page.getByRole("heading", { level: 1, name: "Page not found" })).toBeVisible();
  await inspect(page, "01-not-found");
});

test("the theme can be chosen and stays", async ({ page }) => {
  await open(page, "/sign-in");
  const theme = page.locator("html");
  await page.getByLabel("Theme").first().click();
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(theme).toHaveAttribute("data-theme", "portal-dark");
  await page.reload();
  await expect(theme).toHaveAttribute("data-theme", "portal-dark");
  await hydrated(page);
  await page.getByLabel("Theme").first().click();
  await expect(page.getByRole("button", { name: "Dark" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "System" }).click();
  await expect(theme).not.toHaveAttribute("data-theme", /.+/);
});
