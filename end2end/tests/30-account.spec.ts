// The account: where one is signed in, the password, the second factor. What these tests end are sessions of their own.

import type { Browser, Page } from "@playwright/test";
import { API, read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { OWNER } from "./support/data";
import { expectFieldError, hydrated, inspect, open, toast } from "./support/page";
import { expect, test } from "./support/test";
import { codeOf } from "./support/totp";

/** Another browser of the owner. */
async function elsewhere(browser: Browser) {
  const context = await browser.newContext({ baseURL: process.env.BASE_URL, userAgent: "curl/8.5.0" });
  await arrange.signIn(context.request);
  return context;
}

const password = (page: Page) => page.getByRole("region", { name: "Password" });
const factor = (page: Page) => page.getByRole("region", { name: "Second factor" });
const sessions = (page: Page) => page.getByRole("region", { name: "Sessions" });

test.beforeEach(async ({ page }) => {
  await arrange.signIn(page.request);
});

test("a session elsewhere is seen and ended", async ({ page, browser }) => {
  const other = await elsewhere(browser);
  await open(page, "/");
  await page.getByLabel(`Account of ${OWNER.name}`).click();
  await page.getByRole("link", { name: "Account", exact: true }).click();
  await expect(page).toHaveURL("/account");
  await expect(page.getByRole("region", { name: "You" })).toContainText(OWNER.email);
  await expect(sessions(page).getByRole("row").filter({ hasText: "This session" })).toHaveCount(1);
  const row = sessions(page).getByRole("row").filter({ hasText: "curl" });
  await expect(row).toHaveCount(1);
  await row.getByRole("button", { name: /^End the session of curl/ }).click();
  await expect(toast(page, "The session has ended")).toBeVisible();
  await expect(row).toHaveCount(0);
  expect((await other.request.get(`${API}/session/me`)).status()).toBe(401);
  await other.close();

  const third = await elsewhere(browser);
  await sessions(page).getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(toast(page, "All your other sessions have ended")).toBeVisible();
  await expect(sessions(page).locator("tr[data-session-id]")).toHaveCount(1);
  expect((await third.request.get(`${API}/session/me`)).status()).toBe(401);
  await third.close();
});

test("a new password ends all other sessions", async ({ page, browser, watch }) => {
  watch.expectStatus(422, /change_password/);
  const other = await elsewhere(browser);
  await open(page, "/account");
  const change = async (current: string, next: string) => {
    await password(page).getByLabel("Present password").fill(current);
    await password(page).getByLabel("New password").fill(next);
    await password(page).getByRole("button", { name: "Change password" }).click();
  };
  await change("not the password", "another long password");
  await expectFieldError(password(page).getByLabel("Present password"), "This is not your present password.");
  await change(OWNER.password, "another long password");
  await expect(toast(page, "Your password is changed")).toBeVisible();
  await expect(password(page).getByLabel("Present password")).toHaveValue("");
  expect((await other.request.get(`${API}/session/me`)).status()).toBe(401);
  await other.close();
  await write(page.request, "session/change_password", { current: "another long password", new: OWNER.password });
});

test.describe("the second factor", () => {
  let codes: string[] = [];

  // Whatever fails: later tests sign in without.
  test.afterEach(async ({ page }) => {
    if (codes.length) await page.request.post(`${API}/session/remove_second_factor`, { data: { password: OWNER.password, code: codes[9] } });
  });

  test("is set up with an app, asked for, and switched off", async ({ page, watch }) => {
    watch.expectStatus(401, /session\/sign_in/);
    await open(page, "/account");
    await factor(page).getByLabel("Your password").fill(OWNER.password);
    await factor(page).getByRole("button", { name: "Set up an authenticator app" }).click();
    await expect(factor(page).getByRole("img", { name: /^QR code/ })).toBeVisible();
    await inspect(page, "30-account");
    const key = await factor(page).getByTestId("second-factor-key").innerText();
    await factor(page).getByRole("textbox", { name: "Code", exact: true }).fill(codeOf(key));
    await factor(page).getByRole("button", { name: "Switch on" }).click();
    const list = factor(page).getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
    await expect(list).toHaveCount(10);
    codes = await list.allInnerTexts();
    await factor(page).getByRole("button", { name: "I have kept them" }).click();
    await expect(factor(page)).toContainText("10 recovery codes are left.");

    // New recovery codes, and another app: it stays on.
    const prove = async (code: string, button: string) => {
      await factor(page).getByLabel("Your password").fill(OWNER.password);
      await factor(page).getByRole("textbox", { name: "Code", exact: true }).fill(code);
      await factor(page).getByRole("button", { name: button }).click();
    };
    await prove(codes[9], "New recovery codes");
    await expect(factor(page)).toContainText("Those of before are worth nothing any more.");
    await expect(list).toHaveCount(10);
    codes = await list.allInnerTexts();
    await factor(page).getByRole("button", { name: "I have kept them" }).click();
    await prove(codes[9], "Set up another app");
    const other = await factor(page).getByTestId("second-factor-key").innerText();
    expect(other).not.toBe(key);
    await factor(page).getByRole("textbox", { name: "Code", exact: true }).fill(codeOf(other));
    await factor(page).getByRole("button", { name: "Use this app" }).click();
    await expect(list).toHaveCount(10);
    codes = await list.allInnerTexts();
    await factor(page).getByRole("button", { name: "I have kept them" }).click();
    await expect(factor(page)).toContainText("10 recovery codes are left.");

    await page.getByLabel(`Account of ${OWNER.name}`).click();
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await expect(page).toHaveURL("/sign-in");
    await hydrated(page);
    await page.getByLabel("Email").fill(OWNER.email);
    await page.getByLabel("Password").fill(OWNER.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("textbox", { name: "Code", exact: true })).toBeFocused();
    await expectFieldError(page.getByRole("textbox", { name: "Code", exact: true }), "Enter the code that your authenticator app shows.");
    await inspect(page, "30-sign-in-code");
    await page.getByRole("textbox", { name: "Code", exact: true }).fill(codes[0]);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/");

    await open(page, "/account");
    await expect(factor(page)).toContainText("9 recovery codes are left.");
    await factor(page).getByLabel("Your password").fill(OWNER.password);
    await factor(page).getByRole("textbox", { name: "Code", exact: true }).fill(codes[1]);
    await factor(page).getByRole("button", { name: "Switch off" }).click();
    await expect(toast(page, "The second factor is off")).toBeVisible();
    await expect(factor(page).getByRole("button", { name: "Set up an authenticator app" })).toBeVisible();
    codes = [];
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the account can be read", async ({ page, watch }) => {
    watch.expectFailure(/\/pkg\/msportal\.js$/);
    await page.goto("/account");
    await expect(sessions(page).getByRole("row").filter({ hasText: "This session" })).toHaveCount(1);
    await expect(factor(page)).toContainText("Off");
  });

  test("one signs in and out", async ({ browser }) => {
    const context = await browser.newContext({ baseURL: process.env.BASE_URL, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto("/devices");
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await page.getByLabel("Email").fill(OWNER.email);
    await page.getByLabel("Password").fill("a wrong guess");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("E-mail address or password is wrong.")).toBeVisible();
    await page.getByLabel("Email").fill(OWNER.email);
    await page.getByLabel("Password").fill(OWNER.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/devices");
    await page.getByLabel(/^Account of/).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL("/sign-in");
    await context.close();
  });
});
